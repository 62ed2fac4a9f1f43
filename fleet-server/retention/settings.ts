import type { EntryKind } from '@jolly/contracts/fleet-link';
import { z } from 'zod';

const DAY_MS = 86_400_000;

/** How long things are kept. Payments, their outcomes and the audit log are not here: the server never deletes them. */
export const RetentionSettings = z.object({
  /** Measures of terminals one by one; older ones only by the hour. */
  telemetryDays: z.int().min(1).max(90).default(7),
  /** Events, changes of devices and words on commands, one by one. */
  entriesDays: z.int().min(7).max(3_660).default(30),
  /** Measures by the hour, and how services were used. */
  rollupMonths: z.int().min(1).max(120).default(25),
  /** When a terminal was there and when it was not. */
  timelineDays: z.int().min(7).max(3_660).default(400),
});
export type RetentionSettings = z.infer<typeof RetentionSettings>;

/** How long entries of a kind are known by their id (ms). */
export const keptMs = (settings: RetentionSettings, kind: EntryKind): number =>
  (kind === 'telemetry' ? settings.telemetryDays : settings.entriesDays) * DAY_MS;
