import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  canonicalRequest,
  MAX_SIGNATURE_AGE_MS,
  SIGNATURE_HEADERS,
  SignedHead,
} from '@jolly/contracts/fleet-api';
import type { FastifyRequest } from 'fastify';
import { fail } from '../problems/index.ts';

/** Reads the signature's headers. Throws NOT_SIGNED when one is missing or malformed. */
export function signedHead(request: FastifyRequest): SignedHead {
  const head = SignedHead.safeParse({
    tenantId: request.headers[SIGNATURE_HEADERS.tenant],
    terminalId: request.headers[SIGNATURE_HEADERS.terminal],
    timestamp: request.headers[SIGNATURE_HEADERS.timestamp],
    nonce: request.headers[SIGNATURE_HEADERS.nonce],
    signature: request.headers[SIGNATURE_HEADERS.signature],
  });
  if (!head.success) throw fail('NOT_SIGNED');
  return head.data;
}

/** The key of a terminal, or undefined when the text is not an Ed25519 public key (SPKI DER, base64url). */
export function publicKeyOf(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The one of `keys` that signed this very request. */
export function signedBy(
  request: FastifyRequest,
  head: SignedHead,
  keys: readonly KeyObject[],
): KeyObject | undefined {
  const text = Buffer.from(
    canonicalRequest({
      method: request.method,
      target: request.raw.url ?? request.url,
      tenantId: head.tenantId,
      terminalId: head.terminalId,
      timestamp: head.timestamp,
      nonce: head.nonce,
      bodySha256Hex: request.bodySha256,
    }),
  );
  const signature = Buffer.from(head.signature, 'base64url');
  return keys.find((key) => verify(null, text, key, signature));
}

/** Throws CLOCK_SKEW when the request was signed at another time. */
export function checkAge(head: SignedHead, now: number): void {
  if (Math.abs(now - head.timestamp) > MAX_SIGNATURE_AGE_MS) throw fail('CLOCK_SKEW');
}

/** Throws SIGNATURE_REFUSED when `key` did not sign this very request, CLOCK_SKEW when it did at another time. */
export function checkSignature(request: FastifyRequest, head: SignedHead, key: KeyObject, now: number): void {
  if (!signedBy(request, head, [key])) throw fail('SIGNATURE_REFUSED');
  checkAge(head, now);
}
