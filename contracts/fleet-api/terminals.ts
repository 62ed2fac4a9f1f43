import { z } from 'zod';
import { DeviceReport } from '../device-report/index.ts';
import { TenantId, TerminalId } from '../values/index.ts';

/**
 * Enrolment: the terminal shows that it holds the key by signing this very call with it. `code` is the demo's
 * development code; staff acceptance and pre-authorised serials are in enrolment.ts.
 */
export const EnrolRequest = z.object({
  tenantId: TenantId,
  terminalId: TerminalId,
  /** Ed25519 public key, SPKI DER, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{40,80}$/),
  site: z.string().max(120),
  code: z.string().max(80),
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;
export const EnrolResponse = z.object({ tenantId: TenantId, terminalId: TerminalId, enrolledAt: z.number() });
export type EnrolResponse = z.infer<typeof EnrolResponse>;

export { DeviceReport };

export const TimeResponse = z.object({ now: z.number() });
export const Accepted = z.object({ accepted: z.literal(true) });
