import { cardError } from '../errors.ts';
import type { Answer, Command } from './port.ts';

/** Longest data field and answer of the short form (ISO 7816-4). */
export const SHORT_DATA = 0xff;
export const SHORT_ANSWER = 0x100;
export const LONGEST_ANSWER = 0x10000;

/** Whether a command goes into the short form. */
export function fitsShort(command: Command): boolean {
  return (command.data?.length ?? 0) <= SHORT_DATA && (command.le ?? 0) <= SHORT_ANSWER;
}

/**
 * The bytes of a command: short form where it fits, else extended. `le` 256 in either form means all there is. The buffer is one
 * of its own: who sends a secret wipes it. Throws a RangeError for what no command can be.
 */
export function encodeCommand(command: Command): Uint8Array {
  const { cla, ins, p1, p2, le } = command;
  for (const byte of [cla, ins, p1, p2]) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff) throw new RangeError('a header of four bytes');
  }
  const data = command.data ?? new Uint8Array(0);
  if (data.length > 0xffff) throw new RangeError('data of at most 65535 bytes');
  if (le !== undefined && (!Number.isInteger(le) || le < 1 || le > LONGEST_ANSWER)) {
    throw new RangeError('between 1 and 65536 bytes may be wanted');
  }
  const short = fitsShort(command);
  const lc = data.length === 0 ? [] : short ? [data.length] : [0, data.length >> 8, data.length & 0xff];
  let tail: readonly number[] = [];
  if (le !== undefined) {
    const wanted = le === LONGEST_ANSWER || le === SHORT_ANSWER ? 0 : le;
    if (short) tail = [wanted];
    else tail = [...(data.length === 0 ? [0] : []), wanted >> 8, wanted & 0xff];
  }
  const out = new Uint8Array(new ArrayBuffer(4 + lc.length + data.length + tail.length));
  out.set([cla, ins, p1, p2, ...lc]);
  out.set(data, 4 + lc.length);
  out.set(tail, 4 + lc.length + data.length);
  return out;
}

/** Data (a view) and status word. Throws CARD_ANSWER_INVALID for fewer than two or more than 64 KB and two bytes. */
export function decodeAnswer(bytes: Uint8Array, step: string): Answer {
  if (bytes.length < 2) throw cardError('CARD_ANSWER_INVALID', { step, why: 'answer-too-short' });
  if (bytes.length > LONGEST_ANSWER + 2) {
    throw cardError('CARD_ANSWER_INVALID', { step, why: 'answer-too-long' });
  }
  const end = bytes.length - 2;
  return { data: bytes.subarray(0, end), sw: ((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0) };
}
