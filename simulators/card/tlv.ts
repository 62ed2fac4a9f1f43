/** One BER-TLV object: the tag as one number (`0x5f37`), its value, and the whole as it came. */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly raw: Uint8Array;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Big endian, at least `width` bytes. */
export function numberBytes(value: number, width = 1): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length < width; rest = Math.floor(rest / 256))
    bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes = numberBytes(length);
  return concat(Uint8Array.of(0x80 + bytes.length), bytes);
}

/** Tag, shortest length, parts one after the other. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = concat(...parts);
  return concat(numberBytes(tag), lengthBytes(value.length), value);
}

/** All the objects one after the other; undefined when the bytes are not exactly that. */
export function readTlvs(bytes: Uint8Array): readonly Tlv[] | undefined {
  const found: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    let tag = bytes[at++] ?? 0;
    if ((tag & 0x1f) === 0x1f) {
      let more = true;
      while (more) {
        const next = bytes[at++];
        if (next === undefined || tag > 0xffff) return undefined;
        tag = tag * 256 + next;
        more = next >= 0x80;
      }
    }
    let length = bytes[at++];
    if (length === undefined || length === 0x80 || length > 0x83) return undefined;
    if (length > 0x80) {
      let count = length - 0x80;
      for (length = 0; count > 0; count -= 1) {
        const next = bytes[at++];
        if (next === undefined) return undefined;
        length = length * 256 + next;
      }
    }
    if (at + length > bytes.length) return undefined;
    found.push({ tag, value: bytes.slice(at, at + length), raw: bytes.slice(start, at + length) });
    at += length;
  }
  return found;
}

/** The value under a chain of tags, e.g. `[0x7f21, 0x5f37]`. */
export function valueAt(bytes: Uint8Array, path: readonly number[]): Uint8Array | undefined {
  let inside: Uint8Array | undefined = bytes;
  for (const tag of path) {
    inside = inside && readTlvs(inside)?.find((one) => one.tag === tag)?.value;
  }
  return inside;
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
