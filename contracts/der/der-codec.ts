import { derError } from './errors.ts';

/** What can be wrong with DER, as `detail.why`. */
export const DER_FAULTS = [
  'short', // ends before its length
  'tag', // a tag of more than one byte, or none
  'length', // indefinite, not minimal or over 4 bytes
  'trailing', // bytes after the one element
  'crowded', // more children than any of our structures has
  'not-constructed',
  'integer',
  'oid',
] as const;
type DerFault = (typeof DER_FAULTS)[number];

const fail = (why: DerFault) => derError('DER_INVALID', { why });

/** One element, seen in place: no byte is copied. */
export interface DerNode {
  /** The tag byte, class and constructed bit included. */
  readonly tag: number;
  /** Tag, length and content. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** A CRL of a large CA has one child an entry; nothing else comes near. */
const MAX_CHILDREN = 500_000;

/** Length of the element at the start of `bytes` (header included), or undefined when there is no whole header yet. */
export function derLength(bytes: Uint8Array): number | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw fail('length');
  if (bytes.length < 2 + count) return undefined;
  let length = 0;
  for (let at = 0; at < count; at += 1) length = length * 256 + (bytes[2 + at] ?? 0);
  if (length < 0x80 || (count > 1 && bytes[2] === 0)) throw fail('length');
  return 2 + count + length;
}

/** The file without what fills it up after its one element (cie-card.md 2: hashes are over the DER only). */
export function trimDer(bytes: Uint8Array): Uint8Array {
  const length = derLength(bytes);
  if (length === undefined || length > bytes.length) throw fail('short');
  return bytes.subarray(0, length);
}

function take(bytes: Uint8Array): DerNode {
  const tag = bytes[0];
  if (tag === undefined || (tag & 0x1f) === 0x1f) throw fail('tag');
  const length = derLength(bytes);
  if (length === undefined || length > bytes.length) throw fail('short');
  const first = bytes[1] ?? 0;
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
  return { tag, bytes: bytes.subarray(0, length), content: bytes.subarray(header, length) };
}

/** Reads exactly one element. Throws DER_INVALID. */
export function readDer(bytes: Uint8Array): DerNode {
  const node = take(bytes);
  if (node.bytes.length !== bytes.length) throw fail('trailing');
  return node;
}

/** The elements inside a constructed one (or inside an OCTET STRING that holds DER). */
export function derChildren(node: DerNode): readonly DerNode[] {
  if ((node.tag & 0x20) === 0 && node.tag !== 0x04) throw fail('not-constructed');
  const children: DerNode[] = [];
  let rest = node.content;
  while (rest.length > 0) {
    if (children.length === MAX_CHILDREN) throw fail('crowded');
    const child = take(rest);
    children.push(child);
    rest = rest.subarray(child.bytes.length);
  }
  return children;
}

/** Small INTEGER, signed as DER has it. Throws for more than four bytes. */
export function derInteger(node: DerNode): number {
  const { content } = node;
  if (node.tag !== 0x02 || content.length === 0 || content.length > 4) throw fail('integer');
  let value = ((content[0] ?? 0) << 24) >> 24;
  for (const byte of content.subarray(1)) value = value * 256 + byte;
  return value;
}

/** Dotted text of an OBJECT IDENTIFIER. */
export function derOid(node: DerNode): string {
  const { content } = node;
  if (node.tag !== 0x06 || content.length === 0 || content.length > 40) throw fail('oid');
  const arcs: number[] = [];
  let arc = 0;
  for (const [at, byte] of content.entries()) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 256) throw fail('oid');
    if (byte & 0x80) {
      if (at === content.length - 1) throw fail('oid');
    } else {
      arcs.push(arc);
      arc = 0;
    }
  }
  const first = arcs[0] ?? 0;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...arcs.slice(1)].join('.');
}
