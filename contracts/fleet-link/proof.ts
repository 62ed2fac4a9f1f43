import { z } from 'zod';

/**
 * A terminal's password at the embedded broker: proof, for this one connection, that it holds its key. `timestamp` in epoch ms, accepted
 * within `MAX_SIGNATURE_AGE_MS` of the server's clock; each nonce once.
 */
export const LinkPassword = z.strictObject({
  timestamp: z.int().min(0),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  /** Ed25519 over `linkProof`, base64url. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type LinkPassword = z.infer<typeof LinkPassword>;

/** The text a terminal signs to connect: never that of an HTTP call or of any other act. */
export const linkProof = (parts: {
  readonly user: string;
  readonly clientId: string;
  readonly timestamp: number;
  readonly nonce: string;
}): string => ['jolly-link-v1', parts.user, parts.clientId, String(parts.timestamp), parts.nonce].join('\n');
