import { cardError } from '../errors.ts';

/** What can be wrong with BER-TLV, as `detail.why` of CARD_ANSWER_INVALID. */
export const TLV_FAULTS = [
  'tlv-truncated',
  'tlv-tag-invalid',
  'tlv-length-indefinite',
  'tlv-length-too-long',
  'tlv-length-lies',
  'tlv-too-many',
  'tlv-missing',
] as const;
export type TlvFault = (typeof TLV_FAULTS)[number];

/** One data object. `tag` as written in the standards, e.g. 0x87, 0x7F49, 0xBFA101. */
export interface Tlv {
  readonly tag: number;
  /** A view of the bytes read, not a copy. */
  readonly value: Uint8Array;
  /** Tag, length and value. */
  readonly whole: Uint8Array;
}

const MOST_OBJECTS = 256;
const DEEPEST = 8;

const invalid = (step: string, why: TlvFault) => cardError('CARD_ANSWER_INVALID', { step, why });

/** Tag and length at `at`; `undefined` when the bytes end before both are whole. Throws for what no more bytes would mend. */
export function tlvHeader(
  bytes: Uint8Array,
  at: number,
  step: string,
): { readonly tag: number; readonly start: number; readonly length: number } | undefined {
  let index = at;
  const first = bytes[index++];
  if (first === undefined) return undefined;
  if (first === 0x00 || first === 0xff) throw invalid(step, 'tlv-tag-invalid');
  let tag = first;
  if ((first & 0x1f) === 0x1f) {
    for (let count = 0; ; count += 1) {
      const next = bytes[index++];
      if (next === undefined) return undefined;
      // Three bytes are the longest tag of these cards; a first number byte of 80 would be a leading zero.
      if (count === 2 || (count === 0 && next === 0x80)) throw invalid(step, 'tlv-tag-invalid');
      tag = tag * 0x100 + next;
      if ((next & 0x80) === 0) break;
    }
  }
  const short = bytes[index++];
  if (short === undefined) return undefined;
  if (short === 0x80) throw invalid(step, 'tlv-length-indefinite');
  if (short < 0x80) return { tag, start: index, length: short };
  const size = short & 0x7f;
  if (size > 3) throw invalid(step, 'tlv-length-too-long');
  let length = 0;
  for (let count = 0; count < size; count += 1) {
    const next = bytes[index++];
    if (next === undefined) return undefined;
    length = length * 0x100 + next;
  }
  return { tag, start: index, length };
}

/**
 * A sequence of data objects that fills `bytes` exactly: definite lengths (short, 81, 82, 83), tags of one to three bytes, at
 * most 256 objects. Not read inside: a constructed object is read by giving its value here. Throws CARD_ANSWER_INVALID with
 * a `TlvFault`.
 */
export function readTlv(bytes: Uint8Array, step: string): readonly Tlv[] {
  const objects: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = tlvHeader(bytes, at, step);
    if (!header) throw invalid(step, 'tlv-truncated');
    const end = header.start + header.length;
    if (end > bytes.length) throw invalid(step, 'tlv-length-lies');
    if (objects.length === MOST_OBJECTS) throw invalid(step, 'tlv-too-many');
    objects.push({
      tag: header.tag,
      value: bytes.subarray(header.start, end),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return objects;
}

/** The value at a path of tags, outermost first (the first of each kind), or undefined when there is none. */
export function findTlv(bytes: Uint8Array, path: readonly number[], step: string): Uint8Array | undefined {
  if (path.length > DEEPEST) throw new RangeError('a path of at most eight tags');
  let value: Uint8Array | undefined = bytes;
  for (const tag of path) {
    value = readTlv(value, step).find((object) => object.tag === tag)?.value;
    if (!value) return undefined;
  }
  return value;
}

/** As `findTlv`; throws CARD_ANSWER_INVALID `tlv-missing` when there is none. */
export function needTlv(bytes: Uint8Array, path: readonly number[], step: string): Uint8Array {
  const value = findTlv(bytes, path, step);
  if (!value) throw invalid(step, 'tlv-missing');
  return value;
}

/** A data object, its parts one after the other. Shortest length form; a buffer of its own, so it can be wiped. */
export function writeTlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > 0xffffff) throw new RangeError('a data object of at most 16 MB');
  const head: number[] = [];
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = Math.floor(tag / 2 ** shift) & 0xff;
    if (head.length > 0 || byte !== 0) head.push(byte);
  }
  if (length < 0x80) head.push(length);
  else if (length <= 0xff) head.push(0x81, length);
  else if (length <= 0xffff) head.push(0x82, length >> 8, length & 0xff);
  else head.push(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
  const out = new Uint8Array(new ArrayBuffer(head.length + length));
  out.set(head);
  let at = head.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
