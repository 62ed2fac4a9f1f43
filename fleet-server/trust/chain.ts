import { isJollyError } from '@jolly/contracts/values';
import { type Certificate, isValidAt } from './certificate.ts';
import { signatureHolds } from './signed.ts';

/** A leaf and five above it: no chain of ours comes near. */
const MAX_ABOVE = 5;

/**
 * The chain from a citizen's certificate up to the configured ones, leaf first; undefined when there is none at `at` (epoch
 * ms). Every certificate above the leaf is one of `trusted` (roots and intermediates alike): nothing the card or the terminal
 * sends is built upon. The leaf's own validity is left to the caller, who has a sentence of its own for it.
 */
export function chainOf(
  leaf: Certificate,
  trusted: readonly Certificate[],
  at: number,
): readonly Certificate[] | undefined {
  return climb([leaf], trusted, at);
}

function climb(
  path: readonly Certificate[],
  trusted: readonly Certificate[],
  at: number,
): readonly Certificate[] | undefined {
  const last = path.at(-1);
  if (!last || path.length > MAX_ABOVE) return undefined;
  const below = path.length - 1;
  const issuers = trusted.filter((ca) => mayIssue(ca, below, at) && issued(ca, last));
  for (const issuer of issuers) {
    const longer = [...path, issuer];
    // a root, or the highest that was configured
    if (!trusted.some((ca) => issued(ca, issuer))) return longer;
    if (same(issuer.subject, issuer.issuer)) return longer;
    const whole = climb(longer, trusted, at);
    if (whole) return whole;
  }
  return undefined;
}

function mayIssue(ca: Certificate, below: number, at: number): boolean {
  if (!ca.ca || !isValidAt(ca, at)) return false;
  if (ca.keyUsage && !ca.keyUsage.has('keyCertSign')) return false;
  return ca.ca.pathLength === undefined || below <= ca.ca.pathLength;
}

/** By name and by signature. A signature of a kind that is not taken was made by nobody. */
export function issued(ca: Certificate, certificate: Certificate): boolean {
  if (!same(ca.subject, certificate.issuer)) return false;
  try {
    return signatureHolds(certificate.signed, ca.publicKey);
  } catch (error) {
    if (isJollyError(error)) return false;
    throw error;
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
