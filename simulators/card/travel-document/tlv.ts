export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));
export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function number(value: number): Uint8Array {
  const digits = value.toString(16);
  return hex(digits.length % 2 === 0 ? digits : `0${digits}`);
}

/** One data object, its length in the shortest form: `tlv(0x5f1f, mrz)`. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = joined(...parts);
  const length = number(value.length);
  const prefix = value.length < 0x80 ? length : joined(Uint8Array.of(0x80 | length.length), length);
  return joined(number(tag), prefix, value);
}

/** A file's beginning up to its value, or undefined when the length is cut or of a form a card does not know. */
function lengthAt(bytes: Uint8Array, at: number): { length: number; start: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 2 || at + 1 + count > bytes.length) return undefined;
  let length = 0;
  for (let next = 0; next < count; next += 1) length = (length << 8) | (bytes[at + 1 + next] ?? 0);
  return { length, start: at + 1 + count };
}

/** The object at a place, or undefined when it is not whole. Tags of one and two bytes. */
export function readTlv(bytes: Uint8Array, at = 0): Tlv | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const long = (first & 0x1f) === 0x1f;
  const tag = long ? (first << 8) | (bytes[at + 1] ?? 0) : first;
  const found = lengthAt(bytes, at + (long ? 2 : 1));
  if (!found || found.start + found.length > bytes.length) return undefined;
  return {
    tag,
    value: bytes.subarray(found.start, found.start + found.length),
    end: found.start + found.length,
  };
}

/** All objects of a string, or undefined when it does not end with one. */
export function readAll(bytes: Uint8Array): readonly Tlv[] | undefined {
  const all: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = readTlv(bytes, at);
    if (!next) return undefined;
    all.push(next);
    at = next.end;
  }
  return all;
}

/** Value of the first object with this tag. */
export const objectIn = (objects: readonly Tlv[] | undefined, tag: number): Uint8Array | undefined =>
  objects?.find((object) => object.tag === tag)?.value;
