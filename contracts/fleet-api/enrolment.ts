import { z } from 'zod';
import { TenantId, TerminalId, Uuid } from '../values/index.ts';

/** Ed25519 public key, SPKI DER, base64url. */
const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{40,80}$/);

/**
 * A terminal that nobody knows yet asks to be taken in: signed with the key it brings (headers of signing.ts with tenant `unknown` and terminal
 * `unknown`). Repeated until it is accepted; the same key gets the same code.
 */
export const AskEnrolment = z.object({
  publicKey: PublicKey,
  /** What is on the machine's plate; may be pre-authorised. */
  serial: z.string().max(64).optional(),
  hostname: z.string().max(64).optional(),
  software: z.string().max(40),
  /** The municipality that the terminal's own file names: then only that one can take it in. */
  tenantHint: TenantId.optional(),
});
export type AskEnrolment = z.infer<typeof AskEnrolment>;

/** Tenant and terminal in the headers of who has neither yet. */
export const NOT_ENROLLED = 'unknown';

/** Shown on the screen in two groups, and in a QR that opens the console at it: eight letters and digits without 0 O 1 I. */
export const EnrolmentCode = z.string().regex(/^[A-HJ-NP-Z2-9]{8}$/);

export const EnrolmentAnswer = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('waiting'),
    code: EnrolmentCode,
    /** Address of the console's page for it. */
    url: z.url(),
    /** `fingerprintText` of the key that came; the terminal shows the one it works out itself. */
    fingerprint: z.string(),
    expiresAt: z.number(),
    /** Ask again after so long (s). */
    again: z.int(),
  }),
  z.object({
    state: z.literal('accepted'),
    tenantId: TenantId,
    terminalId: TerminalId,
    site: z.string(),
    link: z.lazy(() => LinkAccess),
  }),
  z.object({ state: z.literal('refused') }),
]);
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswer>;

/** How an enrolled terminal reaches the fleet link; asked again at every start, signed. */
export const LinkAccess = z.object({
  /** `wss://…/mqtt`, `mqtts://…:8883`; the first that works. */
  urls: z.array(z.string()).min(1),
  /** Ed25519 public keys (SPKI DER, base64url) under which messages going down are signed: the present, and the next while it is being changed. */
  serverKeys: z.array(PublicKey).min(1),
  /** Client certificate of the tenant's CA (PEM, with its chain) for TLS, and the CA that signs the broker's, where it is not a public one. */
  certificate: z.string().optional(),
  brokerCa: z.string().optional(),
});
export type LinkAccess = z.infer<typeof LinkAccess>;

/** Changes the key: signed with the old one (headers), and the new one proves itself by `proof` over `rotationProof`. */
export const RotateKey = z.object({ publicKey: PublicKey, proof: z.string().regex(/^[A-Za-z0-9_-]{86}$/) });
export type RotateKey = z.infer<typeof RotateKey>;
export const rotationProof = (parts: {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly oldKey: string;
  readonly newKey: string;
}): string => ['jolly-rotation-v1', parts.tenantId, parts.terminalId, parts.oldKey, parts.newKey].join('\n');

/** A terminal that waits, as the console shows it. */
export const PendingEnrolment = z.object({
  code: EnrolmentCode,
  fingerprint: z.string(),
  serial: z.string().optional(),
  hostname: z.string().optional(),
  software: z.string(),
  askedAt: z.number(),
  expiresAt: z.number(),
  /** Address it asked from. */
  from: z.string(),
});
export type PendingEnrolment = z.infer<typeof PendingEnrolment>;

export const AcceptEnrolment = z.object({
  terminalId: TerminalId,
  siteId: Uuid.optional(),
  /** Where there is no site yet: its name. */
  siteName: z.string().min(1).max(120).optional(),
  /** Takes over an enrolled terminal of that id: its key is revoked, its history stays. */
  replaces: z.boolean().default(false),
});
export type AcceptEnrolment = z.infer<typeof AcceptEnrolment>;

/** A serial that is taken in without a person when it first asks. */
export const PreAuthorisation = z.object({
  serial: z.string().min(4).max(64),
  terminalId: TerminalId,
  siteId: Uuid.optional(),
  expiresAt: z.number(),
  by: z.string(),
});
export type PreAuthorisation = z.infer<typeof PreAuthorisation>;
export const PreAuthorise = PreAuthorisation.omit({ by: true });
export type PreAuthorise = z.infer<typeof PreAuthorise>;

/** Puts a terminal at a site of its municipality, or at none. */
export const PlaceTerminal = z.object({ siteId: Uuid.nullable() });
export type PlaceTerminal = z.infer<typeof PlaceTerminal>;

/** What staff do to an enrolled terminal. `trust`: a suspect key is believed again after all. */
export const EnrolmentAct = z.object({
  act: z.enum(['revoke', 'trust', 'decommission']),
  note: z.string().min(3).max(200),
});
export type EnrolmentAct = z.infer<typeof EnrolmentAct>;
