import { hexOf, joined } from './bytes.ts';
import { encodeError } from './errors.ts';

/** One TLV object; a constructed one (bit 6 of its tag) carries others. */
export interface Tlv {
  /** As the specification writes it: `07`, `1F12`. */
  readonly tag: string;
  readonly value: Uint8Array;
  readonly children?: readonly Tlv[];
}

const CONSTRUCTED = 0x20;
const MORE_TAG = 0x1f;
/** A container inside a container inside…: no terminal goes deeper, and a hostile one shall not. */
const DEEPEST = 8;

interface Length {
  readonly length: number;
  readonly size: number;
}

/** BER length at `at`: one byte up to 7F, `81 xx`, `82 hi lo`. Undefined when cut or of another form. */
export function lengthAt(bytes: Uint8Array, at: number): Length | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, size: 1 };
  const [second, third] = [bytes[at + 1], bytes[at + 2]];
  if (first === 0x81 && second !== undefined) return { length: second, size: 2 };
  if (first === 0x82 && second !== undefined && third !== undefined)
    return { length: (second << 8) | third, size: 3 };
  return undefined;
}

/** Where the tag at `at` ends, or undefined when it is cut. Tags have at most three bytes. */
function tagEnd(bytes: Uint8Array, at: number): number | undefined {
  if (((bytes[at] ?? 0) & MORE_TAG) !== MORE_TAG) return at + 1;
  for (let end = at + 1; end < at + 3; end++) {
    const byte = bytes[end];
    if (byte === undefined) return undefined;
    if ((byte & 0x80) === 0) return end + 1;
  }
  return undefined;
}

/** The objects one after another, or undefined when the bytes are not whole objects. Never throws. */
export function decodeTlvs(bytes: Uint8Array, depth = 0): readonly Tlv[] | undefined {
  if (depth > DEEPEST) return undefined;
  const found: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    const named = tagEnd(bytes, at);
    const size = named === undefined ? undefined : lengthAt(bytes, named);
    if (named === undefined || !size) return undefined;
    const from = named + size.size;
    const end = from + size.length;
    if (end > bytes.length) return undefined;
    const value = bytes.subarray(from, end);
    const constructed = ((bytes[at] as number) & CONSTRUCTED) !== 0;
    const children = constructed ? decodeTlvs(value, depth + 1) : undefined;
    found.push({ tag: hexOf(bytes.subarray(at, named)).toUpperCase(), value, ...(children && { children }) });
    at = end;
  }
  return found;
}

export function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length <= 0xff) return Uint8Array.of(0x81, length);
  if (length <= 0xffff) return Uint8Array.of(0x82, length >> 8, length & 0xff);
  throw encodeError('ZVT_UNENCODABLE', { field: 'tlv' });
}

/** What is to be written: bytes, or other objects. */
export type TlvContent = Uint8Array | readonly (readonly [tag: string, content: TlvContent])[];

export function encodeTlvs(objects: readonly (readonly [tag: string, content: TlvContent])[]): Uint8Array {
  return joined(
    objects.flatMap(([tag, content]) => {
      const value = content instanceof Uint8Array ? content : encodeTlvs(content);
      const name = Uint8Array.from(tag.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      return [name, encodeLength(value.length), value];
    }),
  );
}

/** The first object of that name, looked for in containers too. */
export function findTlv(objects: readonly Tlv[], tag: string): Tlv | undefined {
  for (const object of objects) {
    if (object.tag === tag) return object;
    const inside = object.children && findTlv(object.children, tag);
    if (inside) return inside;
  }
  return undefined;
}
