import {
  checkSod,
  entryMatches,
  readSod,
  type SecurityObject,
} from '@jolly/contracts/passive-authentication';
import { isJollyError } from '@jolly/contracts/values';
import { readFile } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import type { CieSession } from './session.ts';
import type { CieOptions } from './settings.ts';

/** Numbers in the SOD of the CIE application (cie-card.md 2). */
export const SOD_ENTRY = {
  nis: 0xa1,
  serial: 0xa2,
  certificate: 0xa3,
  deviceKey: 0xa4,
  antiCloneKey: 0xa5,
} as const;

const LONGEST_SOD = 0x4000;
const LONGEST_KEY = 0x400;

/** EF.ID_Servizi: 12 ASCII digits. */
export async function readNis({ plain }: CieSession): Promise<Uint8Array> {
  const nis = await readFile(plain, { step: 'nis', fid: 0x1001, sfi: 1, chunk: 12, length: 12 });
  if (!nis.every((byte) => byte >= 0x30 && byte <= 0x39)) {
    throw cardError('CARD_ANSWER_INVALID', { step: 'nis', why: 'not-digits' });
  }
  return nis;
}

export function readAntiCloneKey({ plain, chunk }: CieSession): Promise<Uint8Array> {
  const step = 'anti-clone-key';
  return readFile(plain, { step, fid: 0x1005, sfi: 5, chunk, length: 'der', limit: LONGEST_KEY });
}

export function readDeviceKey({ plain, chunk }: CieSession): Promise<Uint8Array> {
  const step = 'device-key';
  return readFile(plain, { step, fid: 0x1004, sfi: 4, chunk, length: 'der', limit: LONGEST_KEY });
}

export function readSodFile({ plain, chunk }: CieSession): Promise<Uint8Array> {
  return readFile(plain, { step: 'sod', fid: 0x1006, sfi: 6, chunk, length: 'der', limit: LONGEST_SOD });
}

/**
 * The SOD with signature, signer and (where there are anchors) chain checked. Throws CARD_ANSWER_INVALID for one that cannot be read, else
 * CARD_NOT_GENUINE.
 */
export function checkedSod(file: Uint8Array, options: CieOptions): SecurityObject {
  try {
    const sod = readSod(file);
    checkSod(sod, { anchors: options.anchors, at: options.at });
    return sod;
  } catch (error) {
    if (isJollyError(error, 'SOD_INVALID')) {
      throw cardError('CARD_ANSWER_INVALID', { step: 'sod', why: 'form' }, { cause: error });
    }
    if (isJollyError(error)) {
      throw cardError('CARD_NOT_GENUINE', { proof: 'sod', why: error.code }, { cause: error });
    }
    throw error;
  }
}

/** A file that is not the one the SOD lists, or that it does not list, is nobody's. */
export function mustMatch(sod: SecurityObject, name: keyof typeof SOD_ENTRY, file: Uint8Array): void {
  if (!entryMatches(sod, SOD_ENTRY[name], file)) {
    throw cardError('CARD_NOT_GENUINE', { proof: 'sod', file: name });
  }
}
