import { field } from './bmp.ts';
import { bytesOfHex, joined } from './bytes.ts';
import { encodeError } from './errors.ts';
import { encodeLength, encodeTlvs, type TlvContent } from './tlv.ts';

/** Digits as BCD, filled with zeros on the left. Throws `ZVT_UNENCODABLE`. */
export function bcd(digits: string | number, bytes: number): Uint8Array {
  const text = String(digits).padStart(bytes * 2, '0');
  const made = /^\d+$/.test(text) && text.length === bytes * 2 ? bytesOfHex(text) : undefined;
  if (!made) throw encodeError('ZVT_UNENCODABLE', { field: 'bcd' });
  return made;
}

export const fixed = (bmp: number, value: Uint8Array): Uint8Array => joined([Uint8Array.of(bmp), value]);

/** With its length in two (`LL`) or three (`LLL`) digits. */
export function counted(bmp: number, digits: 2 | 3, value: Uint8Array): Uint8Array {
  const length = String(value.length).padStart(digits, '0');
  if (length.length > digits) throw encodeError('ZVT_UNENCODABLE', { field: `bmp ${bmp}` });
  return joined([Uint8Array.of(bmp, ...Array.from(length, (digit) => 0xf0 | Number(digit))), value]);
}

/** The container (06) with these objects; nothing at all when there are none. */
export function container(objects: readonly (readonly [tag: string, content: TlvContent])[]): Uint8Array {
  if (objects.length === 0) return new Uint8Array();
  const value = encodeTlvs(objects);
  return joined([Uint8Array.of(field.tlv), encodeLength(value.length), value]);
}

/** A masked or whole card number as nibbles: `*` is written E, an odd one is filled with F. */
export function panBytes(pan: string): Uint8Array {
  const nibbles = pan.replaceAll('*', 'e');
  const made = bytesOfHex(nibbles.length % 2 ? `${nibbles}f` : nibbles);
  if (!made) throw encodeError('ZVT_UNENCODABLE', { field: 'pan' });
  return made;
}
