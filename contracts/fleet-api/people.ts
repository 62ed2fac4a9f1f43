import { z } from 'zod';
import { TenantId, Uuid } from '../values/index.ts';
import { Role } from './roles.ts';

/** One who may sign in. `tenants`: role by municipality; a centre-admin has every one. */
export const Person = z.object({
  personId: Uuid,
  user: z.string().min(1).max(120),
  name: z.string().min(1).max(120),
  email: z.email().optional(),
  /** How they sign in: with a password kept here, or through the provider. */
  way: z.enum(['local', 'oidc']),
  centreAdmin: z.boolean(),
  tenants: z.record(TenantId, Role),
  totp: z.boolean(),
  disabled: z.boolean(),
  lastSignInAt: z.number().optional(),
});
export type Person = z.infer<typeof Person>;
export const PersonWrite = z.object({
  user: z.string().min(1).max(120),
  name: z.string().min(1).max(120),
  email: z.email().optional(),
  way: z.enum(['local', 'oidc']),
  /** Of `oidc`: by which provider; may be absent where there is one only. */
  provider: z.string().max(30).optional(),
  role: Role,
  disabled: z.boolean().default(false),
});
export type PersonWrite = z.infer<typeof PersonWrite>;
/** An address with which a person sets the first or a new password, shown once: `<console>#/password/<token>`. */
export const PasswordLink = z.object({ url: z.url(), expiresAt: z.number() });
export type PasswordLink = z.infer<typeof PasswordLink>;

/** Any character counts, spaces too; no mixture is asked for (docs/people.md). */
export const PASSWORD_LENGTH = { least: 12, most: 256 } as const;
const NewPassword = z.string().min(1).max(PASSWORD_LENGTH.most);
/** What the page behind a password link sends. Answers 204, then the person signs in. */
export const SetPassword = z.object({ token: z.string().min(20).max(100), password: NewPassword });
export type SetPassword = z.infer<typeof SetPassword>;
/** One's own, signed in: ends all the other sessions. */
export const ChangePassword = z.object({ current: z.string().min(1).max(256), password: NewPassword });
export type ChangePassword = z.infer<typeof ChangePassword>;
/** Why a password was not taken (PASSWORD_REFUSED): `message` of its faults. */
export const PASSWORD_FAULTS = ['too-short', 'too-common', 'too-alike'] as const;

/** What the sign-in page may offer. */
export const SignInWays = z.object({
  demo: z.boolean(),
  local: z.boolean(),
  oidc: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type SignInWays = z.infer<typeof SignInWays>;
export const LocalSignIn = z.object({
  user: z.string().min(1).max(120),
  password: z.string().min(1).max(256),
  /** Six digits; asked for by TOTP_NEEDED. */
  totp: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
});
export type LocalSignIn = z.infer<typeof LocalSignIn>;

const SixDigits = z.string().regex(/^\d{6}$/);
/** Begins to enrol an authenticator; who has one already proves it by its present code. */
export const TotpBegin = z.object({ totp: SixDigits.optional() });
/** To be shown once: `url` (otpauth) as a QR code, `secret` (Base32) to type it. */
export const TotpEnrolment = z.object({ secret: z.string(), url: z.string() });
export type TotpEnrolment = z.infer<typeof TotpEnrolment>;
/** The first code proves that it works; answers ConsoleMe with a new session. */
export const TotpConfirm = z.object({ totp: SixDigits });

/** Changes to another municipality that the person may see; answers ConsoleMe with a new session. */
export const ChangeTenant = z.object({ tenantId: TenantId });

/** One line of the chain: `hash` is over the line and the hash before it. Names of staff, never a citizen's. */
export const AuditLine = z.object({
  seq: z.int(),
  at: z.number(),
  actor: z.string(),
  act: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  hash: z.string(),
});
export type AuditLine = z.infer<typeof AuditLine>;
export const AuditPage = z.object({
  rows: z.array(AuditLine),
  next: z.string().optional(),
  /** Whether the page's lines follow from each other. */
  intact: z.boolean(),
});
export type AuditPage = z.infer<typeof AuditPage>;
