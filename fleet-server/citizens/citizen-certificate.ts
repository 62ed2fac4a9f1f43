import type { KeyObject } from 'node:crypto';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { isJollyError } from '@jolly/contracts/values';
import { judge, type Revocation, type RevocationFact, type RevocationPolicy } from '../revocation/index.ts';
import { type Certificate, chainOf, isValidAt, readCertificate } from '../trust/index.ts';
import { isKeyTaken, loginSignatureHolds } from './card-signature.ts';
import { refused } from './refusals.ts';

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const ANY_EXTENDED_USE = '2.5.29.37.0';

/** Reads the certificate and holds its key against the signature. Throws `certificate-unreadable`, `signature-wrong`. */
export function signedBy(
  der: Uint8Array,
  signature: Uint8Array,
  context: LoginContext,
  minimumBits: number,
): Certificate {
  const certificate = readOrRefuse(der);
  const key: KeyObject = certificate.publicKey;
  if (!isKeyTaken(key, minimumBits)) throw refused('certificate-unreadable');
  if (!loginSignatureHolds(key, signature, context)) throw refused('signature-wrong');
  return certificate;
}

function readOrRefuse(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (isJollyError(error)) throw refused('certificate-unreadable', error);
    throw error;
  }
}

/**
 * The chain of an authentication certificate up to `anchors`. A certificate for signing documents, which the same CA may
 * issue to the same card, is none. Throws `certificate-untrusted`, `certificate-expired` (before its time, too).
 */
export function trustedChain(
  certificate: Certificate,
  anchors: readonly Certificate[],
  now: number,
): readonly Certificate[] {
  const chain = chainOf(certificate, anchors, now);
  if (!chain || !isForLogin(certificate)) throw refused('certificate-untrusted');
  if (!isValidAt(certificate, now)) throw refused('certificate-expired');
  return chain;
}

function isForLogin({ ca, keyUsage, extendedKeyUsage: uses }: Certificate): boolean {
  if (ca || keyUsage?.has('digitalSignature') === false) return false;
  return !uses || uses.has(CLIENT_AUTHENTICATION) || uses.has(ANY_EXTENDED_USE);
}

/** Asks about the whole chain. Throws `certificate-revoked`, `revocation-unknown`. */
export async function notRevoked(
  revocation: Revocation,
  chain: readonly Certificate[],
  policy: RevocationPolicy,
): Promise<RevocationFact> {
  const verdict = judge(await revocation.statesOf(chain), policy);
  if (verdict.accepted) return verdict.fact;
  throw refused(verdict.why === 'revoked' ? 'certificate-revoked' : 'revocation-unknown');
}
