import { Role } from '@jolly/contracts/fleet-api';
import { TenantId } from '@jolly/contracts/values';
import { z } from 'zod';

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

/** One provider of OpenID Connect. Its secret: `jolly secrets set centre oidc-<id>`. */
export const OidcProvider = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,29}$/),
  /** On the sign-in page's button. */
  name: z.string().min(1).max(60),
  issuer: z.url().refine((url) => url.startsWith('https://') || LOOPBACK.test(url), 'https only'),
  clientId: z.string().min(1),
  scopes: z.array(z.string()).default(['openid', 'profile', 'email']),
  /** Whose value is the user name here. `email` counts only where the provider has verified it. */
  userClaim: z.string().default('preferred_username'),
  /** Signs in only people kept by these municipalities; absent: everybody, the centre's own too. */
  tenants: z.array(TenantId).min(1).optional(),
  /** One of these must be the token's `acr`: the provider's word for a second factor. */
  acr: z.array(z.string()).min(1).optional(),
  /** People whom nobody has entered come in by a group of theirs; a group without `tenantId` makes a centre-admin. */
  groups: z
    .object({
      claim: z.string(),
      roles: z.array(z.object({ value: z.string(), role: Role, tenantId: TenantId.optional() })).min(1),
    })
    .optional(),
});
export type OidcProvider = z.infer<typeof OidcProvider>;

/** How people come into the console. */
export const SignInSettings = z.object({
  /** Passwords kept here. */
  local: z.boolean().default(true),
  /** Who needs a second factor besides a password kept here: who may change something, or who may only look too. */
  secondFactor: z.enum(['writers', 'everybody']).default('writers'),
  /** A session that nobody uses ends after so long. */
  idleMinutes: z.int().min(5).max(120).default(30),
  /** Every session ends after so long. */
  hours: z.int().min(1).max(12).default(8),
  /** File of passwords that nobody may have (one a line), besides the rules' own. */
  deniedPasswords: z.string().optional(),
  oidc: z.array(OidcProvider).max(20).default([]),
});
export type SignInSettings = z.infer<typeof SignInSettings>;
