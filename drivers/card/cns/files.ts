import { derLength } from '@jolly/contracts/der';
import { isJollyError, secretBytes, wipe } from '@jolly/contracts/values';
import { type Answer, type CardChannel, refused, SW, selectFirst } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import type { PersonalData } from './personal-data-codec.ts';
import {
  decodePersonalData,
  LENGTH_DIGITS,
  LONGEST_PERSONAL_DATA,
  personalDataLength,
} from './personal-data-codec.ts';

/** File ids of a TS-CNS (cie-card.md 9). */
export const CNS_FILES = {
  master: 0x3f00,
  cardData: 0x1000,
  cardId: 0x1003,
  citizen: 0x1100,
  certificate: 0x1101,
  personalData: 0x1102,
} as const;

const CARD_ID_LENGTH = 16;
/** RSA 2048 certificates take some 1.5 KB. */
const LONGEST_CERTIFICATE = 8_192;
const CHUNK = 0xff;
/** A card that gives less than this at a time plays for time. */
const LEAST_PER_READ = 16;
const FREE_READS = 8;

const invalid = (step: string, why: string) => cardError('CARD_ANSWER_INVALID', { step, why });

async function select(channel: CardChannel, fid: number): Promise<Answer> {
  const data = Uint8Array.of(fid >> 8, fid & 0xff);
  // What a T=0 card tells of the file by 61xx is taken and not looked at.
  const command = { cla: 0x00, ins: 0xa4, p1: 0x00, p2: 0x00, data };
  return fid === CNS_FILES.master ? selectFirst(channel, command) : channel.send(command);
}

/** Goes down from the master file. Throws CARD_REFUSED. */
export async function selectPath(
  channel: CardChannel,
  step: string,
  ...path: readonly number[]
): Promise<void> {
  for (const fid of path) {
    const { sw } = await select(channel, fid);
    if (sw !== SW.ok) throw refused(step, sw);
  }
}

/**
 * Reads the selected file from its start until `wanted` is there; `wanted` is asked again after each piece, and undefined means
 * that more is needed to know. The result is a buffer of its own, which the caller wipes.
 */
async function readSelected(
  channel: CardChannel,
  step: string,
  limit: number,
  wanted: (content: Uint8Array) => number | undefined,
): Promise<Uint8Array> {
  const buffer = secretBytes(limit);
  try {
    let filled = 0;
    for (let reads = 1; ; reads += 1) {
      const goal = wanted(buffer.subarray(0, filled));
      if (goal !== undefined && filled >= goal) {
        const content = secretBytes(goal);
        content.set(buffer.subarray(0, goal));
        return content;
      }
      if (reads > FREE_READS && filled < reads * LEAST_PER_READ) throw invalid(step, 'no-progress');
      const le = Math.min(CHUNK, (goal ?? limit) - filled);
      if (le <= 0) throw invalid(step, 'file-too-long');
      const { data, sw } = await channel.send({ cla: 0, ins: 0xb0, p1: filled >> 8, p2: filled & 0xff, le });
      try {
        if (sw !== SW.ok && sw !== SW.endOfFile && sw !== SW.offsetWrong) throw refused(step, sw);
        if (data.length > le) throw invalid(step, 'piece-too-long');
        buffer.set(data, filled);
        filled += data.length;
        const last = data.length === 0 || sw !== SW.ok;
        const known = wanted(buffer.subarray(0, filled));
        if (known !== undefined && known > limit) throw invalid(step, 'file-too-long');
        if (last && (known === undefined || filled < known)) throw invalid(step, 'file-too-short');
      } finally {
        wipe(data);
      }
    }
  } finally {
    wipe(buffer);
  }
}

/**
 * Looks for the card's folders; CARD_UNKNOWN when they are not there. Gives the card's serial (16 characters of IDCarta), by
 * which one card is told from another.
 */
export async function lookAtCns(channel: CardChannel): Promise<{ readonly serial: Uint8Array }> {
  const step = 'cns-card-id';
  for (const fid of [CNS_FILES.master, CNS_FILES.cardData, CNS_FILES.cardId]) {
    const { sw } = await select(channel, fid);
    if (sw !== SW.ok) throw cardError('CARD_UNKNOWN');
  }
  return { serial: await readSelected(channel, step, CARD_ID_LENGTH, () => CARD_ID_LENGTH) };
}

/** EF.Dati_personali; no PIN. The bytes are wiped, the result is the caller's. */
export async function readPersonalData(channel: CardChannel): Promise<PersonalData> {
  const step = 'cns-personal-data';
  await selectPath(channel, step, CNS_FILES.master, CNS_FILES.citizen, CNS_FILES.personalData);
  const file = await readSelected(channel, step, LENGTH_DIGITS + LONGEST_PERSONAL_DATA, (content) =>
    content.length < LENGTH_DIGITS ? undefined : LENGTH_DIGITS + personalDataLength(content),
  );
  try {
    return decodePersonalData(file);
  } finally {
    wipe(file);
  }
}

/** C.Carta, the authentication certificate, cut to its DER: a card may fill the file up with zeros. No PIN. */
export async function readCertificate(channel: CardChannel): Promise<Uint8Array> {
  const step = 'cns-certificate';
  await selectPath(channel, step, CNS_FILES.master, CNS_FILES.citizen, CNS_FILES.certificate);
  return readSelected(channel, step, LONGEST_CERTIFICATE, (content) => {
    if (content.length > 0 && content[0] !== 0x30) throw invalid(step, 'no-certificate');
    try {
      return derLength(content);
    } catch (error) {
      throw isJollyError(error) ? invalid(step, 'der') : error;
    }
  });
}
