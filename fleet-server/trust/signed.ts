import { constants, type KeyObject, verify } from 'node:crypto';
import { type DerNode, derChildren, derInteger, derOid } from '@jolly/contracts/der';
import { derAt, derBits, derOnly } from './der-values.ts';
import { trustError } from './errors.ts';

const bad = (why: string) => trustError('SIGNED_DATA_INVALID', { why });

/** SHA-1 and MD5 are not here on purpose: whoever finds a collision writes certificates. */
const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const ALGORITHMS: Readonly<Record<string, { readonly type: 'rsa' | 'ec'; readonly hash: string }>> = {
  '1.2.840.113549.1.1.11': { type: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { type: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { type: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.3.2': { type: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { type: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { type: 'ec', hash: 'sha512' },
};
const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/** What X.509 calls SIGNED: a body, how it was signed, the signature. Certificates, CRLs and OCSP answers are such. */
export interface Signed {
  readonly body: DerNode;
  /** AlgorithmIdentifier as written: a body that names its algorithm must name this one. */
  readonly algorithm: DerNode;
  readonly signature: Uint8Array;
}

/** Takes `SEQUENCE { body, algorithm, signature }` apart. Throws SIGNED_DATA_INVALID. */
export function readSigned(parts: readonly DerNode[]): Signed {
  return {
    body: derAt(parts, 0, 0x30, 'body'),
    algorithm: derAt(parts, 1, 0x30, 'algorithm'),
    signature: derBits(derAt(parts, 2, 0x03, 'signature'), 'signature'),
  };
}

/** Whether `key` made the signature. Throws SIGNED_DATA_INVALID for an algorithm that is not taken. */
export function signatureHolds({ body, algorithm, signature }: Signed, key: KeyObject): boolean {
  const [oid, parameters] = derChildren(algorithm);
  if (!oid) throw bad('algorithm');
  const name = derOid(oid);
  const type = key.asymmetricKeyType ?? '';
  if (name === RSA_PSS) {
    if (!['rsa', 'rsa-pss'].includes(type)) return false;
    const { hash, saltLength } = pssOf(parameters);
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return verify(hash, body.bytes, { key, padding, saltLength }, signature);
  }
  const known = ALGORITHMS[name];
  if (!known) throw bad('algorithm');
  return type === known.type && verify(known.hash, body.bytes, key, signature);
}

function pssOf(parameters: DerNode | undefined): { readonly hash: string; readonly saltLength: number } {
  let hash: string | undefined;
  let mask: string | undefined;
  let saltLength = 20;
  for (const part of parameters ? derChildren(parameters) : []) {
    if (part.tag === 0xa0) hash = hashOf(derOnly(part, 'pss'));
    else if (part.tag === 0xa1) {
      const [oid, inner] = derChildren(derOnly(part, 'pss'));
      if (!oid || !inner || derOid(oid) !== MGF1) throw bad('pss');
      mask = hashOf(inner);
    } else if (part.tag === 0xa2) saltLength = derInteger(derOnly(part, 'pss'));
  }
  // what is left out means SHA-1
  if (!hash || hash !== mask || saltLength < 0 || saltLength > 64) throw bad('pss');
  return { hash, saltLength };
}

function hashOf(node: DerNode): string {
  const [oid] = derChildren(node);
  const hash = oid && HASHES[derOid(oid)];
  if (!hash) throw bad('pss');
  return hash;
}
