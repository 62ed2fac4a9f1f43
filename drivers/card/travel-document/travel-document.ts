import { createHash, type X509Certificate } from 'node:crypto';
import {
  checkSod,
  entryMatches,
  readSod,
  type SecurityObject,
} from '@jolly/contracts/passive-authentication';
import { isJollyError, type SecretDigits, wipe } from '@jolly/contracts/values';
import { type CardChannel, readFile, refused, SW } from '../apdu/index.ts';
import { type FillRandom, systemFill } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import { mustFit } from '../secret-length.ts';
import { type SecureChannel, type SessionKeys, secureChannel } from '../secure-messaging/index.ts';
import { activelyAuthenticate } from './active-authentication.ts';
import { runBac } from './bac.ts';
import { authenticateChip, chooseChipAuthentication } from './chip-authentication.ts';
import { readDg14, readDg15 } from './data-groups-codec.ts';
import { type MrzParts, mrzInformation } from './mrz.ts';
import { choosePace, runPace } from './pace.ts';
import { readSecurityInfos, type SecurityInfo } from './security-info-codec.ts';
import { wipeKeys } from './session-keys.ts';

/** What opens the document. The digits are their owner's to wipe. */
export type DocumentPassword =
  | { readonly kind: 'can'; readonly digits: SecretDigits }
  | { readonly kind: 'mrz'; readonly parts: MrzParts };

export interface DocumentOptions {
  /** Country signing certificates; undefined for a terminal that has none, whose server checks the chain. */
  readonly anchors: readonly X509Certificate[] | undefined;
  /** Epoch ms. */
  readonly at: number;
  readonly fill?: FillRandom;
  /** Bytes asked for in one READ BINARY where card and reader take extended APDUs; else what fits a short one. */
  readonly longestRead?: number;
}

const AID = Uint8Array.of(0xa0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01);
/** Plain bytes that still fit a short answer when protected, under either cipher (cie-card.md 7.2). */
const SHORT_READ = 0xdf;
const PLAIN_READ = 0x80;
const LONGEST_CARD_ACCESS = 4096;
const LONGEST_SOD = 32_768;

/** Data groups by number: file, most bytes. */
const DATA_GROUPS = {
  1: { fid: 0x0101, limit: 256 },
  2: { fid: 0x0102, limit: 65_536 },
  11: { fid: 0x010b, limit: 8192 },
  14: { fid: 0x010e, limit: 16_384 },
  15: { fid: 0x010f, limit: 4096 },
} as const;
export type DataGroup = keyof typeof DATA_GROUPS;

async function select(channel: CardChannel, p1: number, data?: Uint8Array): Promise<number> {
  const { sw } = await channel.send({ cla: 0x00, ins: 0xa4, p1, p2: 0x0c, ...(data && { data }) });
  return sw;
}

/** The offers of EF.CardAccess; none when the chip has no such file (then only BAC is left). */
async function cardAccess(channel: CardChannel): Promise<readonly SecurityInfo[]> {
  let sw = await select(channel, 0x00);
  if (sw !== SW.ok) sw = await select(channel, 0x00, Uint8Array.of(0x3f, 0x00));
  if (sw !== SW.ok) return [];
  let file: Uint8Array;
  try {
    file = await readFile(channel, {
      step: 'card-access',
      fid: 0x011c,
      sfi: 0x1c,
      chunk: PLAIN_READ,
      length: 'der',
      limit: LONGEST_CARD_ACCESS,
    });
  } catch (error) {
    if (isJollyError(error, 'CARD_REFUSED')) return [];
    throw error;
  }
  return readSecurityInfos(file, 'card-access');
}

async function selectApplication(channel: CardChannel): Promise<void> {
  const sw = await select(channel, 0x04, AID);
  if (sw !== SW.ok) throw refused('travel-document-select', sw);
}

/**
 * Opens the travel document of a card: PACE, or BAC when the chip offers no PACE that Jolly speaks and the password is the MRZ. The application
 * is selected behind the channel given back, whose owner wipes it. Throws CAN_WRONG, SECRET_MALFORMED before the card sees
 * anything, CARD_ANSWER_INVALID, CARD_REFUSED.
 */
export async function openTravelDocument(
  plain: CardChannel,
  password: DocumentPassword,
  fill: FillRandom = systemFill,
): Promise<SecureChannel> {
  if (password.kind === 'can') mustFit('cie-can', password.digits);
  const information = password.kind === 'mrz' ? mrzInformation(password.parts) : undefined;
  let hashed: Uint8Array | undefined;
  let keys: SessionKeys | undefined;
  let opened: SecureChannel | undefined;
  try {
    const choice = choosePace(await cardAccess(plain));
    if (choice) {
      const mrz = information && createHash('sha1').update(information).digest();
      hashed = mrz;
      const key = () => {
        if (password.kind === 'mrz') return mrz ?? new Uint8Array(0);
        mustFit('cie-can', password.digits);
        return password.digits.ascii();
      };
      keys = await runPace(plain, choice, { kind: password.kind, key }, fill);
      opened = secureChannel(plain, keys);
      await selectApplication(opened);
    } else {
      if (!information) throw cardError('CARD_ANSWER_INVALID', { step: 'card-access', why: 'no-pace' });
      await selectApplication(plain);
      keys = await runBac(plain, information, fill);
      opened = secureChannel(plain, keys);
    }
    return opened;
  } catch (error) {
    opened?.wipe();
    throw error;
  } finally {
    wipe(information, hashed);
    wipeKeys(keys);
  }
}

/** A travel document whose files are checked against its signed security object before anyone sees them. */
export interface ProvedDocument {
  /** EF.SOD, cut to its DER length. */
  readonly securityObject: Uint8Array;
  /** The file, or undefined when the security object lists none. Personal: wipe it. */
  read(group: DataGroup): Promise<Uint8Array | undefined>;
}

const notGenuine = (proof: string, detail: Readonly<Record<string, string | number>>, cause?: unknown) =>
  cardError('CARD_NOT_GENUINE', { proof, ...detail }, { cause });

function checkedSecurityObject(file: Uint8Array, options: DocumentOptions): SecurityObject {
  try {
    const sod = readSod(file);
    checkSod(sod, { anchors: options.anchors, at: options.at });
    return sod;
  } catch (error) {
    if (isJollyError(error, 'SOD_INVALID')) {
      throw cardError('CARD_ANSWER_INVALID', { step: 'document-sod', why: 'form' }, { cause: error });
    }
    if (isJollyError(error)) throw notGenuine('sod', { why: error.code }, error);
    throw error;
  }
}

/**
 * Opens the document, checks its security object (signature, signer, chain when there are anchors), does chip and active
 * authentication where the signed object lists DG14 and DG15, and gives `use` its files. Leaves the channel and forgets
 * its keys whatever happens; the card stays in the travel document until the next plain SELECT.
 */
export async function withTravelDocument<T>(
  plain: CardChannel,
  password: DocumentPassword,
  options: DocumentOptions,
  use: (document: ProvedDocument) => Promise<T>,
): Promise<T> {
  const fill = options.fill ?? systemFill;
  const channel = await openTravelDocument(plain, password, fill);
  try {
    const chunk = options.longestRead ?? SHORT_READ;
    const securityObject = await readFile(channel, {
      step: 'document-sod',
      fid: 0x011d,
      sfi: 0x1d,
      chunk,
      length: 'der',
      limit: LONGEST_SOD,
    });
    const sod = checkedSecurityObject(securityObject, options);
    const read = async (group: DataGroup): Promise<Uint8Array | undefined> => {
      if (!sod.entries.has(group)) return undefined;
      const { fid, limit } = DATA_GROUPS[group];
      const step = `dg${group}`;
      const file = await readFile(channel, { step, fid, sfi: fid & 0x1f, chunk, length: 'der', limit });
      if (!entryMatches(sod, group, file)) throw notGenuine('sod', { file: step });
      return file;
    };
    const capabilities = await read(14);
    const infos = capabilities ? readDg14(capabilities) : [];
    await proveChip(channel, infos, fill);
    const activeKey = await read(15);
    if (activeKey) {
      const signatureOid = infos.find((info) => info.kind === 'active-authentication')?.signatureOid;
      await activelyAuthenticate(channel, readDg15(activeKey), { fill, signatureOid });
    }
    return await use({ securityObject, read });
  } finally {
    channel.wipe();
  }
}

/** Chip authentication when offered, and one command that only the chip with the right key can answer. */
async function proveChip(
  channel: SecureChannel,
  infos: readonly SecurityInfo[],
  fill: FillRandom,
): Promise<void> {
  const offer = chooseChipAuthentication(infos);
  if (!offer) return;
  await authenticateChip(channel, offer, fill);
  try {
    await select(channel, 0x02, Uint8Array.of(0x01, 0x01));
  } catch (error) {
    if (isJollyError(error, 'CARD_CHANNEL_BROKEN')) {
      throw notGenuine('chip-authentication', {}, error);
    }
    throw error;
  }
}
