import { type DerNode, derChildren } from '@jolly/contracts/der';
import { trustError } from './errors.ts';

const bad = (why: string, cause?: unknown) => trustError('SIGNED_DATA_INVALID', { why }, { cause });

/** The child at that place, with that tag. */
export function derAt(nodes: readonly DerNode[], at: number, tag: number, why: string): DerNode {
  const node = nodes[at];
  if (node?.tag !== tag) throw bad(why);
  return node;
}

/** The only child of an explicit tag or of an OCTET STRING that holds DER. */
export function derOnly(node: DerNode, why: string): DerNode {
  const [only, second] = derChildren(node);
  if (!only || second) throw bad(why);
  return only;
}

/** UTCTime or GeneralizedTime in the one form RFC 5280 4.1.2.5 allows (seconds, Z), as epoch ms. */
export function derTime(node: DerNode): number {
  const text = Buffer.from(node.content).toString('latin1');
  const shape = node.tag === 0x17 ? /^\d{12}Z$/ : node.tag === 0x18 ? /^\d{14}Z$/ : undefined;
  if (!shape?.test(text)) throw bad('time');
  const whole = node.tag === 0x17 ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const iso = whole.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const time = Date.parse(iso);
  // 31 February and the like: not the same text when written again
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) throw bad('time');
  return time;
}

export function derBoolean(node: DerNode): boolean {
  const [value] = node.content;
  if (node.tag !== 0x01 || node.content.length !== 1 || (value !== 0 && value !== 0xff)) throw bad('boolean');
  return value === 0xff;
}

/** Bytes of a BIT STRING whose bits fill them all: keys and signatures. */
export function derBits(node: DerNode, why: string): Uint8Array {
  if (node.tag !== 0x03 || node.content.length < 2 || node.content[0] !== 0) throw bad(why);
  return node.content.subarray(1);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf16 = new TextDecoder('utf-16be', { fatal: true });

/** DirectoryString and its relatives. Control characters are refused: such a text goes on screens and paper. */
export function derText(node: DerNode): string {
  const text = textOf(node);
  if (/\p{Cc}/u.test(text)) throw bad('text');
  return text;
}

function textOf({ tag, content }: DerNode): string {
  try {
    switch (tag) {
      case 0x0c:
        return utf8.decode(content);
      case 0x12: // NumericString
      case 0x13: // PrintableString
      case 0x16: // IA5String
        if (content.some((byte) => byte > 0x7f)) throw bad('text');
        return Buffer.from(content).toString('latin1');
      case 0x14: // TeletexString: Latin-1 in every certificate that has one
        return Buffer.from(content).toString('latin1');
      case 0x1e:
        return utf16.decode(content);
      default:
        throw bad('text-kind');
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw bad('text', cause);
    throw cause;
  }
}
