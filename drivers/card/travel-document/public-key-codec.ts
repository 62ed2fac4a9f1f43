import { type DerNode, derChildren, derOid, readDer } from '@jolly/contracts/der';
import { bytesToNumber } from './big-numbers.ts';
import { type Curve, curveByDomain, curveByOid } from './curves.ts';
import { type ModpGroup, modpGroupByDomain } from './modp-groups.ts';

/** What a SubjectPublicKeyInfo of a travel document holds. */
export type ChipPublicKey =
  | { readonly type: 'rsa'; readonly modulus: bigint; readonly exponent: bigint; readonly bytes: number }
  | { readonly type: 'ec'; readonly curve: Curve; readonly point: Uint8Array }
  /** `y` as long as p. */
  | { readonly type: 'dh'; readonly group: ModpGroup; readonly y: Uint8Array };

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const PRIME_FIELD = '1.2.840.10045.1.1';
/** PKCS#3 and X9.42. */
const DH = ['1.2.840.113549.1.3.1', '1.2.840.10046.2.1'];

/** RSA keys of chips: 1024 (old passports) to 4096 bit. */
const RSA_BYTES = { min: 128, max: 512 };

const fail = (why: string) => new RangeError(why);

function part(nodes: readonly DerNode[], at: number, tag: number): DerNode {
  const node = nodes[at];
  if (node?.tag !== tag) throw fail('structure');
  return node;
}

/** A positive INTEGER of at most 8192 bit, without its leading zero. */
function unsigned(node: DerNode): Uint8Array {
  const { content } = node;
  if (content.length === 0 || content.length > 1025 || (content[0] ?? 0) & 0x80) throw fail('integer');
  return content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
}

const number = (node: DerNode): bigint => bytesToNumber(unsigned(node));

/** A BIT STRING of whole bytes. */
function bits(node: DerNode): Uint8Array {
  if (node.content[0] !== 0 || node.content.length < 2) throw fail('bit-string');
  return node.content.subarray(1);
}

function rsa(key: Uint8Array): ChipPublicKey {
  const sequence = readDer(key);
  if (sequence.tag !== 0x30) throw fail('structure');
  const parts = derChildren(sequence);
  const modulus = unsigned(part(parts, 0, 0x02));
  const exponent = number(part(parts, 1, 0x02));
  if (parts.length !== 2) throw fail('structure');
  if (modulus.length < RSA_BYTES.min || modulus.length > RSA_BYTES.max) throw fail('rsa-size');
  if (exponent < 3n || exponent > 0xffff_ffffn || exponent % 2n === 0n) throw fail('rsa-exponent');
  const value = bytesToNumber(modulus);
  if (value % 2n === 0n) throw fail('rsa-modulus');
  return { type: 'rsa', modulus: value, exponent, bytes: modulus.length };
}

/** ECParameters (X9.62) spelled out: only a known curve under its own generator is accepted. */
function explicitCurve(node: DerNode): Curve | undefined {
  const parts = derChildren(node);
  const field = derChildren(part(parts, 1, 0x30));
  if (derOid(part(field, 0, 0x06)) !== PRIME_FIELD) return undefined;
  const curve = derChildren(part(parts, 2, 0x30));
  const generator = part(parts, 3, 0x04).content;
  const half = (generator.length - 1) / 2;
  if (generator[0] !== 0x04 || !Number.isInteger(half) || half === 0) return undefined;
  if (parts[5] && number(part(parts, 5, 0x02)) !== 1n) return undefined;
  return curveByDomain({
    p: number(part(field, 1, 0x02)),
    a: bytesToNumber(part(curve, 0, 0x04).content),
    b: bytesToNumber(part(curve, 1, 0x04).content),
    n: number(part(parts, 4, 0x02)),
    Gx: bytesToNumber(generator.subarray(1, 1 + half)),
    Gy: bytesToNumber(generator.subarray(1 + half)),
  });
}

function ec(parameters: DerNode, key: Uint8Array): ChipPublicKey {
  const curve = parameters.tag === 0x06 ? curveByOid(derOid(parameters)) : explicitCurve(parameters);
  if (!curve) throw fail('curve');
  return { type: 'ec', curve, point: key };
}

function dh(parameters: DerNode, key: Uint8Array): ChipPublicKey {
  const parts = derChildren(parameters);
  const group = modpGroupByDomain(unsigned(part(parts, 0, 0x02)), unsigned(part(parts, 1, 0x02)));
  if (!group) throw fail('group');
  const value = readDer(key);
  if (value.tag !== 0x02) throw fail('structure');
  const digits = unsigned(value);
  const y = new Uint8Array(group.p.length);
  if (digits.length > y.length) throw fail('number');
  y.set(digits, y.length - digits.length);
  return { type: 'dh', group, y };
}

/** Reads a SubjectPublicKeyInfo. Throws RangeError or DER_INVALID; points and numbers are checked where they are used. */
export function readPublicKey(info: DerNode): ChipPublicKey {
  if (info.tag !== 0x30) throw fail('structure');
  const parts = derChildren(info);
  const algorithm = derChildren(part(parts, 0, 0x30));
  const key = bits(part(parts, 1, 0x03));
  if (parts.length !== 2) throw fail('structure');
  const oid = derOid(part(algorithm, 0, 0x06));
  if (oid === RSA) return rsa(key);
  const parameters = algorithm[1];
  if (!parameters) throw fail('parameters');
  if (oid === EC) return ec(parameters, key);
  if (DH.includes(oid)) return dh(parameters, key);
  throw fail('algorithm');
}
