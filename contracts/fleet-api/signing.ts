import { z } from 'zod';
import { TenantId, TerminalId } from '../values/index.ts';

/** Names of the headers that carry a terminal's signature on every call. */
export const SIGNATURE_HEADERS = {
  tenant: 'jolly-tenant',
  terminal: 'jolly-terminal',
  /** Epoch ms of the terminal's clock. */
  timestamp: 'jolly-timestamp',
  /** 16 random bytes, base64url: a signature is accepted once. */
  nonce: 'jolly-nonce',
  /** Ed25519 over `canonicalRequest`, base64url. */
  signature: 'jolly-signature',
} as const;

/** The server's clock, epoch ms, on every answer: the terminal measures its own skew with it. */
export const SERVER_TIME_HEADER = 'jolly-time';

/** A signature older or newer than this is refused with `CLOCK_SKEW`. */
export const MAX_SIGNATURE_AGE_MS = 300_000;

export const SignedHead = z.object({
  tenantId: TenantId,
  terminalId: TerminalId,
  timestamp: z.coerce.number().int().min(0),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type SignedHead = z.infer<typeof SignedHead>;

/**
 * The text that is signed. One line each: domain, method, path with query, tenant, terminal, timestamp, nonce,
 * SHA-256 of the body in hex (of the empty string when there is none).
 */
export function canonicalRequest(parts: {
  method: string;
  /** Path and query exactly as sent, from the first slash. */
  target: string;
  tenantId: string;
  terminalId: string;
  timestamp: number;
  nonce: string;
  bodySha256Hex: string;
}): string {
  return [
    'jolly-request-v1',
    parts.method.toUpperCase(),
    parts.target,
    parts.tenantId,
    parts.terminalId,
    String(parts.timestamp),
    parts.nonce,
    parts.bodySha256Hex,
  ].join('\n');
}
