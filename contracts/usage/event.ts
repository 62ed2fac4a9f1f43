import { z } from 'zod';
import { TenantId, TerminalId, Uuid } from '../values/index.ts';

/**
 * A usage event (location-analytics.md 6.1): counts, never people. `ts` is floored to five minutes, UTC.
 * `a11y` tells that an aid was on. No user id, no free text, no address.
 */
export const UsageEvent = z.object({
  v: z.literal(1),
  kiosk: TerminalId,
  ts: z.iso.datetime(),
  service: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  step: z.enum(['open', 'use', 'done', 'abandon', 'error']),
  dur_bucket: z.enum(['lt10s', 'lt30s', 'lt1m', 'lt2m', 'lt5m', 'ge5m']),
  lang: z.string().regex(/^[a-z]{2}$/),
  a11y: z.boolean(),
  n: z.int().min(1).max(1000),
});
export type UsageEvent = z.infer<typeof UsageEvent>;

/** Rating after a service (criterion C.SE.1.7): stars, then one reason. Anonymous. */
export const Rating = z.object({
  v: z.literal(1),
  kiosk: TerminalId,
  ts: z.iso.datetime(),
  service: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  stars: z.int().min(1).max(5),
  reason: z.enum(['clarity', 'completeness', 'progress', 'technical', 'other']).optional(),
  lang: z.string().regex(/^[a-z]{2}$/),
});
export type Rating = z.infer<typeof Rating>;

/** A batch as the terminal sends it: stored once by its id, however often it arrives. `seq` shows gaps. */
export const UsageBatch = z.object({
  batchId: Uuid,
  seq: z.int().min(0),
  events: z.array(UsageEvent).max(500),
  ratings: z.array(Rating).max(500),
});
export type UsageBatch = z.infer<typeof UsageBatch>;

/** A tenant is in every key: the server adds it from the terminal's identity, never from the body. */
export const StoredUsageKey = z.object({ tenantId: TenantId, batchId: Uuid });
