import { type Answer, answer, type Command, SW } from './command.ts';
import { readTlv, tlv } from './tlv.ts';

/** What a READ BINARY asks for: a file by its short or long number or the current one, and where to begin. */
export interface Reading {
  readonly sfi?: number;
  readonly fid?: number;
  readonly offset: number;
}

/** Undefined when an odd READ BINARY does not say where to begin. */
export function readingOf({ ins, p1, p2, data }: Command): Reading | undefined {
  if (ins === 0xb0)
    return (p1 & 0x80) !== 0 ? { sfi: p1 & 0x1f, offset: p2 } : { offset: ((p1 & 0x7f) << 8) | p2 };
  const place = readTlv(data);
  if (place?.tag !== 0x54 || place.end !== data.length || place.value.length === 0 || place.value.length > 3)
    return undefined;
  const offset = place.value.reduce((sum, byte) => sum * 0x100 + byte, 0);
  if (p1 === 0 && p2 === 0) return { offset };
  return p1 === 0 && p2 < 0x1f ? { sfi: p2, offset } : { fid: (p1 << 8) | p2, offset };
}

/** Bytes before the value of an object this long. */
const headerOf = (length: number) => (length < 0x80 ? 2 : length < 0x100 ? 3 : 4);

/**
 * A piece of a file: 9000 with what was wanted, 6282 with less when the file ends before an exact Le, 6B00 behind its end.
 * `room` is what an answer can hold; asked for more, the card gives so much.
 */
export function cut(file: Uint8Array, offset: number, command: Command, room: number): Answer {
  if (command.le === undefined) return answer(SW.wrongLength);
  if (offset >= file.length) return answer(SW.wrongOffset);
  const odd = command.ins === 0xb1;
  const most = Math.min(command.le, room);
  // An odd READ BINARY wraps the piece in `53 length`, and Le counts that too.
  let length = most;
  if (odd) while (length > 0 && length + headerOf(length) > most) length -= 1;
  const piece = file.slice(offset, offset + length);
  const open = command.le === 0x100 || command.le === 0x10000;
  const sw = piece.length < length && !open ? SW.endOfFile : SW.ok;
  return answer(sw, odd ? tlv(0x53, piece) : piece);
}
