import { ascii, concat, tlv } from '../tlv.ts';

/** A DER writer: just what certificates, lists, answers and signed data of the test CA are made of. */
export const sequence = (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts);
export const octets = (...parts: readonly Uint8Array[]) => tlv(0x04, ...parts);
export const bits = (value: Uint8Array, unused = 0) => tlv(0x03, Uint8Array.of(unused), value);
export const boolean = (value: boolean) => tlv(0x01, Uint8Array.of(value ? 0xff : 0));
export const enumerated = (value: number) => tlv(0x0a, Uint8Array.of(value));
export const nothing = () => tlv(0x05);
export const utf8 = (text: string) => tlv(0x0c, Uint8Array.from(Buffer.from(text, 'utf8')));
export const printable = (text: string) => tlv(0x13, ascii(text));
/** [n] around whole objects. */
export const explicit = (number: number, ...parts: readonly Uint8Array[]) => tlv(0xa0 + number, ...parts);
/** [n] in place of a primitive's own tag. */
export const implicit = (number: number, value: Uint8Array) => tlv(0x80 + number, value);

function compare(one: Uint8Array, other: Uint8Array): number {
  return Buffer.compare(one, other);
}

/** SET OF, in the order DER wants. */
export const setOf = (...parts: readonly Uint8Array[]) => tlv(0x31, ...[...parts].sort(compare));

/** An unsigned number: its first bit set gets a zero byte before it. */
export function integer(value: number | Uint8Array): Uint8Array {
  const bytes = typeof value === 'number' ? Uint8Array.of(value) : value;
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at += 1;
  const short = bytes.subarray(at);
  return tlv(0x02, (short[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), short) : short);
}

/** One byte as it is, negative in DER from 80 on: how the card's SOD numbers its files (cie-card.md 7.4). */
export const signedByte = (value: number) => tlv(0x02, Uint8Array.of(value));

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift(128 + (left % 128));
    bytes.push(...groups);
  }
  return tlv(0x06, Uint8Array.from(bytes));
}

/** `YYYYMMDDHHMMSSZ`. */
function digits(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}

/** UTCTime up to 2049 and GeneralizedTime after, as X.509 wants. */
export function time(at: number): Uint8Array {
  const text = digits(at);
  return text < '2050' ? tlv(0x17, ascii(text.slice(2))) : generalizedTime(at);
}

export const generalizedTime = (at: number) => tlv(0x18, ascii(digits(at)));
