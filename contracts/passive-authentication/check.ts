import { constants, createHash, verify, type X509Certificate } from 'node:crypto';
import { sodError } from './errors.ts';
import type { SecurityObject } from './security-object.ts';
import { signerFault } from './signer.ts';

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
const within = (certificate: X509Certificate, at: number): boolean =>
  certificate.validFromDate.getTime() <= at && at <= certificate.validToDate.getTime();

function signatureHolds({ attributes, signature, signerCertificate }: SecurityObject): boolean {
  const key = signerCertificate.publicKey;
  const type = key.asymmetricKeyType ?? '';
  if (signature.scheme === 'ecdsa') {
    return type === 'ec' && verify(signature.hash, attributes.signed, key, signature.value);
  }
  if (!['rsa', 'rsa-pss'].includes(type)) return false;
  return verify(
    signature.hash,
    attributes.signed,
    signature.scheme === 'rsa-pss'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: signature.saltLength }
      : { key, padding: constants.RSA_PKCS1_PADDING },
    signature.value,
  );
}

/** Node names issuer and subject in the same notation; the signature is what decides. */
function certifiedBy(certificate: X509Certificate, anchor: X509Certificate): boolean {
  return certificate.issuer === anchor.subject && anchor.ca && certificate.verify(anchor.publicKey);
}

/**
 * SHA-1 in one place only, where the cards that have it have it (cie-card.md 7.4): under the ministry's own RSA signature over
 * attributes that it wrote itself. Hashes of files, which others fill, are never by it.
 */
function hashesAreTaken({ hash, attributes, signature }: SecurityObject): boolean {
  if (hash === 'sha1' || attributes.digestHash === 'sha1') return false;
  return signature.hash !== 'sha1' || signature.scheme === 'rsa-pkcs1';
}

/**
 * Passive authentication, steps (a) to (c) of cie-card.md 7.4: digest, signature, signer valid at `at` (epoch ms) and certified
 * by one of `anchors` as a signer of documents. `anchors: undefined` leaves the chain out: for a terminal that has none, whose server checks it.
 * Throws the named error of the first step that fails.
 */
export function checkSod(
  sod: SecurityObject,
  trust: { readonly anchors: readonly X509Certificate[] | undefined; readonly at: number },
): void {
  if (!hashesAreTaken(sod)) throw sodError('SOD_SIGNATURE_WRONG', { why: 'sha1' });
  const digest = createHash(sod.attributes.digestHash).update(sod.content).digest();
  if (!same(digest, sod.attributes.digest)) throw sodError('SOD_HASH_WRONG');
  let holds = false;
  try {
    holds = signatureHolds(sod);
  } catch (cause) {
    // a key the library will not use with this scheme is a wrong signature, not a fault of ours
    throw sodError('SOD_SIGNATURE_WRONG', {}, { cause });
  }
  if (!holds) throw sodError('SOD_SIGNATURE_WRONG');
  if (!within(sod.signerCertificate, trust.at)) throw sodError('SOD_SIGNER_EXPIRED');
  if (trust.anchors === undefined) return;
  const why = signerFault(sod.signerCertificate);
  if (why) throw sodError('SOD_SIGNER_UNTRUSTED', { why });
  const certifying = trust.anchors.filter((anchor) => certifiedBy(sod.signerCertificate, anchor));
  if (certifying.length === 0) throw sodError('SOD_SIGNER_UNTRUSTED');
  if (!certifying.some((anchor) => within(anchor, trust.at))) throw sodError('SOD_SIGNER_EXPIRED');
}

/** Step (d): whether the file is the one the security object lists under that number; false when it lists none. */
export function entryMatches(sod: SecurityObject, number: number, file: Uint8Array): boolean {
  const entry = sod.entries.get(number);
  return entry !== undefined && same(createHash(sod.hash).update(file).digest(), entry);
}
