import { type DerNode, derChildren, derInteger, derOid, readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import type { SessionCipher } from '../crypto/index.ts';
import { cardError } from '../errors.ts';

/** One protocol the chip offers (9303-11 9.2). `oid` is the content of the OBJECT IDENTIFIER. */
export type SecurityInfo =
  | {
      readonly kind: 'pace';
      readonly oid: Uint8Array;
      readonly agreement: 'dh' | 'ecdh';
      readonly mapping: 'generic' | 'integrated' | 'chip-authentication';
      readonly cipher: SessionCipher;
      readonly version: number;
      readonly parameterId: number | undefined;
    }
  | {
      readonly kind: 'chip-authentication';
      readonly oid: Uint8Array;
      readonly agreement: 'dh' | 'ecdh';
      readonly cipher: SessionCipher;
      readonly version: number;
      readonly keyId: Uint8Array | undefined;
    }
  | {
      readonly kind: 'chip-key';
      readonly agreement: 'dh' | 'ecdh';
      /** SubjectPublicKeyInfo. */
      readonly key: DerNode;
      readonly keyId: Uint8Array | undefined;
    }
  /** Hash of an ECDSA active authentication. */
  | { readonly kind: 'active-authentication'; readonly signatureOid: string }
  | { readonly kind: 'other'; readonly oid: string };

export type PaceInfo = Extract<SecurityInfo, { kind: 'pace' }>;

const PACE = '0.4.0.127.0.7.2.2.4.';
const CHIP_AUTHENTICATION = '0.4.0.127.0.7.2.2.3.';
const CHIP_KEY = '0.4.0.127.0.7.2.2.1.';
const ACTIVE_AUTHENTICATION = '2.23.136.1.1.5';

const MAPPINGS = new Map([
  [1, { agreement: 'dh', mapping: 'generic' }],
  [2, { agreement: 'ecdh', mapping: 'generic' }],
  [3, { agreement: 'dh', mapping: 'integrated' }],
  [4, { agreement: 'ecdh', mapping: 'integrated' }],
  [6, { agreement: 'ecdh', mapping: 'chip-authentication' }],
] as const);
const AGREEMENTS = new Map([
  [1, 'dh'],
  [2, 'ecdh'],
] as const);
const CIPHERS = new Map([
  [1, '3DES'],
  [2, 'AES-128'],
  [3, 'AES-192'],
  [4, 'AES-256'],
] as const);

/** No chip lists more; EF.CardAccess and DG14 are a few hundred bytes. */
const MAX_BYTES = 16_384;
const MAX_INFOS = 64;

const bad = (step: string, why: string, cause?: unknown) =>
  cardError('CARD_ANSWER_INVALID', { step, why }, { cause });

/** The numbers after the prefix of an object identifier. */
function arcs(oid: string, prefix: string): readonly number[] {
  return oid.slice(prefix.length).split('.').map(Number);
}

/** A Map typed by its own keys answers any number. */
function lookUp<K extends number, V>(map: ReadonlyMap<K, V>, key: number | undefined): V | undefined {
  for (const [known, value] of map) if (known === key) return value;
  return undefined;
}

/** The content of an INTEGER that names a key, as it is sent back. */
function keyId(node: DerNode | undefined): Uint8Array | undefined {
  if (!node) return undefined;
  if (node.tag !== 0x02 || node.content.length === 0 || node.content.length > 16) throw new RangeError('id');
  return node.content;
}

function only(nodes: readonly DerNode[], most: number): void {
  if (nodes.length > most) throw new RangeError('too many parts');
}

function securityInfo(node: DerNode): SecurityInfo {
  if (node.tag !== 0x30) throw new RangeError('not a sequence');
  const parts = derChildren(node);
  const [first, second, third] = parts;
  if (!first || !second) throw new RangeError('too few parts');
  const oid = derOid(first);
  if (oid.startsWith(PACE)) {
    const [m, c, more] = arcs(oid, PACE);
    const mapped = lookUp(MAPPINGS, m);
    const cipher = lookUp(CIPHERS, c);
    // one arc less is PACEDomainParameterInfo: parameters of the chip's own, which nobody has checked
    if (!mapped || !cipher || more !== undefined) return { kind: 'other', oid };
    only(parts, 3);
    const parameterId = third && derInteger(third);
    return { kind: 'pace', oid: first.content, ...mapped, cipher, version: derInteger(second), parameterId };
  }
  if (oid.startsWith(CHIP_AUTHENTICATION)) {
    const [m, c, more] = arcs(oid, CHIP_AUTHENTICATION);
    const agreement = lookUp(AGREEMENTS, m);
    const cipher = lookUp(CIPHERS, c);
    if (!agreement || !cipher || more !== undefined) return { kind: 'other', oid };
    only(parts, 3);
    const version = derInteger(second);
    return {
      kind: 'chip-authentication',
      oid: first.content,
      agreement,
      cipher,
      version,
      keyId: keyId(third),
    };
  }
  if (oid.startsWith(CHIP_KEY)) {
    const [m, more] = arcs(oid, CHIP_KEY);
    const agreement = lookUp(AGREEMENTS, m);
    if (!agreement || more !== undefined) return { kind: 'other', oid };
    only(parts, 3);
    return { kind: 'chip-key', agreement, key: second, keyId: keyId(third) };
  }
  if (oid === ACTIVE_AUTHENTICATION) {
    only(parts, 3);
    if (!third) throw new RangeError('no algorithm');
    return { kind: 'active-authentication', signatureOid: derOid(third) };
  }
  return { kind: 'other', oid };
}

/** Reads the SET OF SecurityInfo of EF.CardAccess or DG14. Throws CARD_ANSWER_INVALID with this step. */
export function readSecurityInfos(bytes: Uint8Array, step: string): readonly SecurityInfo[] {
  if (bytes.length > MAX_BYTES) throw bad(step, 'size');
  try {
    const set = readDer(bytes);
    if (set.tag !== 0x31) throw new RangeError('not a set');
    const nodes = derChildren(set);
    if (nodes.length > MAX_INFOS) throw new RangeError('too many');
    return nodes.map(securityInfo);
  } catch (cause) {
    if (cause instanceof RangeError || isJollyError(cause, 'DER_INVALID'))
      throw bad(step, 'security-info', cause);
    throw cause;
  }
}
