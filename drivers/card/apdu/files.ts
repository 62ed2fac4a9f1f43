import { wipe } from '@jolly/contracts/values';
import { cardError } from '../errors.ts';
import type { Answer, CardChannel, Command } from './port.ts';
import { refused, SW } from './status.ts';
import { readTlv, tlvHeader } from './tlv-codec.ts';

export interface FileToRead {
  /** For errors, e.g. `ef-sod`. */
  readonly step: string;
  /** File id in the current application. Given with `sfi`, it is the way out for a card that does not read by short id. */
  readonly fid?: number;
  /** Short id, 1…30: saves the SELECT. */
  readonly sfi?: number;
  /** Bytes asked for at a time: at most E7 under secure messaging with short APDUs. */
  readonly chunk: number;
  /** How much is wanted: the DER object at the start, so many bytes, or all there is. */
  readonly length: 'der' | 'all' | number;
  /** Most bytes taken; 64 KB when absent. */
  readonly limit?: number;
  /** What is read is personal and comes through secure messaging: the pieces are wiped once they are joined. */
  readonly personal?: boolean;
}

const LONGEST_FILE = 0x10000;
/** Beyond this offset READ BINARY needs its odd form. */
const LAST_EVEN_OFFSET = 0x7fff;
/** A card may give short pieces, but not for ever. */
const FREE_READS = 16;
const LEAST_PER_READ = 32;
/** What a card says that knows no short ids, or not this one. */
const NO_SHORT_ID: ReadonlySet<number> = new Set([
  0x6700, 0x6981, 0x6986, 0x6a81, 0x6a82, 0x6a86, 0x6b00, 0x6d00,
]);

/**
 * Reads an EF (cie-card.md 2): by short id, else SELECT and READ BINARY. Stops at the DER length, at the wanted length, at 6282,
 * 6B00 or an empty answer; goes on after a short 9000. Throws CARD_REFUSED, or CARD_ANSWER_INVALID for a file beyond its limit,
 * one shorter than it says, a piece longer than asked for, or a card that does not get on.
 */
export async function readFile(channel: CardChannel, file: FileToRead): Promise<Uint8Array> {
  const { step, fid, sfi } = file;
  if (sfi !== undefined) {
    const first = await readAt(channel, { p1: 0x80 | sfi, p2: 0, le: chunkAt(file, 0, undefined) });
    if (fid === undefined || !NO_SHORT_ID.has(first.sw)) return readOn(channel, file, first);
  }
  if (fid === undefined) throw new RangeError('a file id or a short one');
  const selected = await channel.send({
    cla: 0,
    ins: 0xa4,
    p1: 2,
    p2: 4,
    data: Uint8Array.of(fid >> 8, fid & 0xff),
  });
  if (selected.sw !== SW.ok) throw refused(`${step}-select`, selected.sw);
  return readOn(channel, file, await readAt(channel, { p1: 0, p2: 0, le: chunkAt(file, 0, undefined) }));
}

async function readOn(channel: CardChannel, file: FileToRead, first: Answer): Promise<Uint8Array> {
  const { step } = file;
  const invalid = (why: string) => cardError('CARD_ANSWER_INVALID', { step, why });
  const limit = Math.min(file.limit ?? LONGEST_FILE, LONGEST_FILE);
  let content = new Uint8Array(0);
  let wanted = typeof file.length === 'number' ? file.length : undefined;
  let answer = first;
  for (let reads = 1; ; reads += 1) {
    const { sw, data } = answer;
    if (sw !== SW.ok && sw !== SW.endOfFile && sw !== SW.offsetWrong) throw refused(step, sw);
    if (data.length > file.chunk) throw invalid('piece-too-long');
    const longer = joined(content, data);
    if (file.personal) wipe(content, data);
    content = longer;
    if (file.length === 'der' && wanted === undefined) {
      const header = tlvHeader(content, 0, step);
      if (header) wanted = header.start + header.length;
      if (wanted !== undefined && wanted > limit) throw invalid('file-too-long');
    }
    // What fills the file up behind the wanted part is not counted.
    if (wanted === undefined && content.length > limit) throw invalid('file-too-long');
    if (wanted !== undefined && content.length >= wanted) return content.subarray(0, wanted);
    if (sw !== SW.ok || data.length === 0) break;
    if (reads >= FREE_READS && content.length < reads * LEAST_PER_READ) throw invalid('no-progress');
    // All was read: asking for one more byte tells, and the card says so.
    const le = Math.min(chunkAt(file, content.length, wanted), limit + 1 - content.length);
    answer = await readFrom(channel, content.length, le, file);
  }
  if (file.length !== 'all') throw invalid('file-too-short');
  return content;
}

function chunkAt(file: FileToRead, offset: number, wanted: number | undefined): number {
  const known = wanted ?? (typeof file.length === 'number' ? file.length : undefined);
  return known === undefined
    ? Math.min(file.chunk, file.limit ?? LONGEST_FILE)
    : Math.max(1, Math.min(file.chunk, known - offset));
}

async function readFrom(
  channel: CardChannel,
  offset: number,
  le: number,
  { step, chunk: most }: FileToRead,
): Promise<Answer> {
  if (offset <= LAST_EVEN_OFFSET) return readAt(channel, { p1: offset >> 8, p2: offset & 0xff, le });
  // The odd form wraps what it gives in 53: up to four bytes of the answer are not content.
  const where = Uint8Array.of(0x54, 0x02, offset >> 8, offset & 0xff);
  const asked = Math.min(le + 4, most);
  const answer = await repeated(channel, { cla: 0, ins: 0xb1, p1: 0, p2: 0, data: where, le: asked });
  if (answer.data.length === 0) return answer;
  const objects = readTlv(answer.data, step);
  const [object] = objects;
  if (objects.length !== 1 || object?.tag !== 0x53) {
    throw cardError('CARD_ANSWER_INVALID', { step, why: 'tlv-missing' });
  }
  return { data: object.value, sw: answer.sw };
}

function readAt(
  channel: CardChannel,
  { p1, p2, le }: { readonly p1: number; readonly p2: number; readonly le: number },
): Promise<Answer> {
  return repeated(channel, { cla: 0, ins: 0xb0, p1, p2, le });
}

/** Under secure messaging 6Cxx comes protected and is seen here only. */
async function repeated(channel: CardChannel, command: Command): Promise<Answer> {
  const answer = await channel.send(command);
  if (answer.sw >> 8 !== 0x6c) return answer;
  return channel.send({ ...command, le: answer.sw & 0xff || 0x100 });
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(new ArrayBuffer(left.length + right.length));
  out.set(left);
  out.set(right, left.length);
  return out;
}
