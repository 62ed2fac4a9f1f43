import type { X509Certificate } from 'node:crypto';
import { type DerNode, derChildren, derOid, readDer } from '../der/index.ts';
import { isJollyError } from '../values/index.ts';
import { HASHES, RSA_PSS, SIGNATURES } from './algorithms.ts';
import type { HashName } from './security-object.ts';

const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const DIGITAL_SIGNATURE = 0x80;
const MINIMUM_RSA_BITS = 2_048;
const MINIMUM_EC_BYTES = 224 / 8;

/** What of a certificate keeps it from being a document signer's, as `detail.why`. */
export type SignerFault = 'signer-algorithm' | 'signer-key' | 'signer-use' | 'signer-unreadable';

/**
 * Whether a certificate that a country's authority issued is one of a document signer (ICAO 9303-12 7.1): the same authority
 * certifies other authorities, lists and machines. Undefined: it is.
 */
export function signerFault(certificate: X509Certificate): SignerFault | undefined {
  try {
    const [body, algorithm] = derChildren(readDer(certificate.raw));
    if (!body || !algorithm) return 'signer-unreadable';
    if (!isStrong(algorithm)) return 'signer-algorithm';
    if (!isKeyTaken(certificate)) return 'signer-key';
    return maySign(extensionsOf(body)) ? undefined : 'signer-use';
  } catch (error) {
    if (isJollyError(error, 'DER_INVALID')) return 'signer-unreadable';
    throw error;
  }
}

/** A collision makes a signer: MD5 is not even known, and SHA-1 is not taken here. */
const resists = (hash: HashName | undefined): boolean => hash !== undefined && hash !== 'sha1';

function isStrong(algorithm: DerNode): boolean {
  const [oid, parameters] = derChildren(algorithm);
  const name = oid && derOid(oid);
  if (name !== RSA_PSS) return name !== undefined && resists(SIGNATURES[name]?.hash);
  // what is left out means SHA-1
  const hash = parameters && derChildren(parameters).find(({ tag }) => tag === 0xa0);
  const [identifier] = hash ? derChildren(hash) : [];
  const [hashOid] = identifier ? derChildren(identifier) : [];
  return hashOid !== undefined && resists(HASHES[derOid(hashOid)]);
}

function isKeyTaken({ publicKey }: X509Certificate): boolean {
  const type = publicKey.asymmetricKeyType ?? '';
  if (['rsa', 'rsa-pss'].includes(type)) {
    return (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= MINIMUM_RSA_BITS;
  }
  return type === 'ec' && fieldBytes(publicKey.export({ format: 'der', type: 'spki' })) >= MINIMUM_EC_BYTES;
}

/** By the length of the point: signers write their curve out in numbers, and then it has no name. */
function fieldBytes(spki: Uint8Array): number {
  const [, key] = derChildren(readDer(spki));
  const point = key?.content.subarray(1) ?? new Uint8Array(0);
  return point[0] === 0x04 ? (point.length - 1) / 2 : point.length - 1;
}

function extensionsOf(body: DerNode): ReadonlyMap<string, Uint8Array> {
  const outer = derChildren(body).find(({ tag }) => tag === 0xa3);
  const [list] = outer ? derChildren(outer) : [];
  const found = new Map<string, Uint8Array>();
  for (const row of list ? derChildren(list) : []) {
    const cells = derChildren(row);
    const [name, value] = [cells[0], cells.at(-1)];
    if (name && value) found.set(derOid(name), value.content);
  }
  return found;
}

function maySign(extensions: ReadonlyMap<string, Uint8Array>): boolean {
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  const [ca] = constraints ? derChildren(readDer(constraints)) : [];
  if (ca?.tag === 0x01 && ca.content[0] !== 0) return false;
  const usage = extensions.get(KEY_USAGE);
  // BIT STRING: one byte for the unused bits, then the first eight uses
  if (usage && ((readDer(usage).content[1] ?? 0) & DIGITAL_SIGNATURE) === 0) return false;
  // signers of documents have none; those of master lists and of connections do
  return !extensions.has(EXTENDED_KEY_USAGE);
}
