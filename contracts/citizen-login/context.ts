import { z } from 'zod';
import { TenantId, TerminalId } from '../values/index.ts';

/**
 * How a citizen was identified. The two `-local` ways are ours (CAD art. 64 and 65 c. 1 b); neither is the national
 * "Entra con CIE". Federated ways (CIE by OIDC, SPID, phone) are added here when they come.
 */
export const LoginMethod = z.enum(['cie-card-local', 'cns-card-local']);
export type LoginMethod = z.infer<typeof LoginMethod>;

/** `pin`: card and PIN, a signature of the citizen's own key. `card`: the card was there, nobody typed a PIN. */
export const LoginLevel = z.enum(['pin', 'card']);
export type LoginLevel = z.infer<typeof LoginLevel>;

/** 32 bytes, base64url. */
export const LoginNonce = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** All that a login's signature is bound to. */
export const LoginContext = z.object({
  tenantId: TenantId,
  terminalId: TerminalId,
  /** The terminal's own id of the session in front of it: a UUID made when the citizen came. */
  sessionId: z.uuid(),
  nonce: LoginNonce,
  /** Epoch ms of the server when it gave the nonce. */
  at: z.int().min(0),
});
export type LoginContext = z.infer<typeof LoginContext>;

/**
 * The text whose SHA-256 the card signs. The card's key also serves TLS logins elsewhere: nothing that comes from outside is
 * ever signed as it is; both sides build this text from its parts, and its first line belongs to nobody else.
 */
export function loginText(context: LoginContext): string {
  const { tenantId, terminalId, sessionId, nonce, at } = context;
  return ['jolly-login-v1', tenantId, terminalId, sessionId.toLowerCase(), nonce, String(at)].join('\n');
}

/** DigestInfo of SHA-256 without the hash (PKCS#1 v1.5; cie-card.md 6). */
export const SHA256_DIGEST_INFO = Uint8Array.of(
  ...[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04,
  ],
  0x20,
);
