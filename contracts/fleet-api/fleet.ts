import { z } from 'zod';
import { Consumable, Reported } from '../fleet-link/index.ts';
import { TerminalId, Uuid } from '../values/index.ts';

/** What the console shows of the fleet. Never personal data. */

export const TerminalStanding = z.enum(['in-service', 'attention', 'stopped', 'maintenance']);
export type TerminalStanding = z.infer<typeof TerminalStanding>;

export const Site = z.object({
  siteId: Uuid,
  name: z.string().min(1).max(120),
  address: z.string().max(200),
  /** WGS 84; absent: not on the map yet. */
  lat: z.number().min(-90).max(90).optional(),
  lon: z.number().min(-180).max(180).optional(),
});
export type Site = z.infer<typeof Site>;
export const SiteWrite = Site.omit({ siteId: true });
export type SiteWrite = z.infer<typeof SiteWrite>;

export const FleetRow = z.object({
  terminalId: TerminalId,
  siteId: Uuid.optional(),
  site: z.string(),
  state: TerminalStanding,
  /** Machine word for the worst thing, translated by the console: `printer-paper-out`, `offline`, `key-cloned`… */
  reason: z.string().optional(),
  since: z.number().optional(),
  online: z.boolean(),
  lastSeenAt: z.number().optional(),
  software: z.string().optional(),
  inSession: z.boolean(),
  paymentsToday: z.int(),
  openAlerts: z.int(),
});
export type FleetRow = z.infer<typeof FleetRow>;

export const FleetQuery = z.object({
  /** In id, site or address. */
  search: z.string().max(80).optional(),
  state: TerminalStanding.optional(),
  /** `next` of the page before. */
  after: z.string().max(120).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
/** Worst first, then by id. */
export const FleetPage = z.object({
  at: z.number(),
  counts: z.record(TerminalStanding, z.int()),
  rows: z.array(FleetRow),
  next: z.string().optional(),
});
export type FleetPage = z.infer<typeof FleetPage>;

/** Everything that can be placed, in short words: 15,000 of them are one answer. */
export const FleetMap = z.object({
  at: z.number(),
  /** `[terminalId, lat, lon, state]` */
  points: z.array(z.tuple([TerminalId, z.number(), z.number(), TerminalStanding])),
  /** The municipality's limit as rings of `[lon, lat]`, where the settings have one, and whom to thank for it. */
  outline: z.array(z.array(z.tuple([z.number(), z.number()]))).optional(),
  attribution: z.string().optional(),
});
export type FleetMap = z.infer<typeof FleetMap>;

export const TerminalDetail = z.object({
  row: FleetRow,
  site: Site.optional(),
  reported: Reported.optional(),
  reportedAt: z.number().optional(),
  enrolment: z.object({
    enrolledAt: z.number(),
    status: z.enum(['enrolled', 'suspect', 'revoked', 'decommissioned']),
    serial: z.string().optional(),
    /** First twelve hex digits of SHA-256 of the public key, in fours: to compare with the terminal's screen. */
    fingerprint: z.string(),
    keySince: z.number(),
  }),
  settings: z.object({
    desired: z.int(),
    reported: z.int().optional(),
    state: z.enum(['current', 'on-its-way', 'refused', 'none']),
  }),
  /** When paper will be out, from what the last days used; absent where nothing is known. */
  forecasts: z.array(
    z.object({
      role: z.string(),
      name: Consumable.shape.name,
      left: z.number().optional(),
      endsAt: z.number(),
    }),
  ),
  today: z.object({ payments: z.int(), byHour: z.array(z.int()).length(24) }),
});
export type TerminalDetail = z.infer<typeof TerminalDetail>;

/** One line of a terminal's day, newest first. `what` and `detail` are machine words; numbers are for their sentence. */
export const TimelineEntry = z.object({
  at: z.number(),
  kind: z.enum(['state', 'device', 'event', 'command', 'payment', 'alert', 'settings']),
  sign: z.enum(['ok', 'warning', 'stopped', 'neutral']),
  what: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Alert = z.object({
  alertId: Uuid,
  terminalId: TerminalId.optional(),
  site: z.string().optional(),
  /** `offline`, `paper-low`, `paper-out`, `pos-unreachable`, `error-rate`, `outcome-backlog`, `clock-skew`, `key-cloned`… */
  rule: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  state: z.enum(['open', 'acknowledged', 'healed']),
  openedAt: z.number(),
  /** Times it was seen again while open. */
  repeats: z.int(),
  lastAt: z.number(),
  healedAt: z.number().optional(),
  acknowledgedBy: z.string().optional(),
  acknowledgedAt: z.number().optional(),
  note: z.string().optional(),
  /** Step of the escalation it has reached; 0 = only in the console. */
  escalation: z.int(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Alert = z.infer<typeof Alert>;
export const AlertPage = z.object({ rows: z.array(Alert), next: z.string().optional() });
export type AlertPage = z.infer<typeof AlertPage>;
export const AcknowledgeAlert = z.object({ note: z.string().max(300).optional() });

/** While it lasts, its terminals raise no alerts and stand as `maintenance`. */
export const MaintenanceWindow = z.object({
  windowId: Uuid,
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('municipality') }),
    z.object({ kind: z.literal('site'), siteId: Uuid }),
    z.object({ kind: z.literal('terminal'), terminalId: TerminalId }),
  ]),
  from: z.number(),
  to: z.number(),
  reason: z.string().min(3).max(200),
  by: z.string(),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;
export const MaintenanceWrite = MaintenanceWindow.omit({ windowId: true, by: true });
export type MaintenanceWrite = z.infer<typeof MaintenanceWrite>;

/** Who is told of alerts that stay open, and after how long. */
export const AlertSettings = z.object({
  /** Rules that are off, and thresholds other than the defaults (docs/alerts.md). */
  rules: z.record(z.string().max(40), z.object({ on: z.boolean(), threshold: z.number().optional() })),
  escalation: z
    .array(
      z.object({
        afterMinutes: z.int().min(0).max(10_080),
        minSeverity: z.enum(['critical', 'warning', 'info']),
        emails: z.array(z.email()).max(20),
        webhooks: z.array(z.url()).max(5),
      }),
    )
    .max(5),
  /** Whether `/status/<tenant>` is public. */
  publicStatus: z.boolean(),
});
export type AlertSettings = z.infer<typeof AlertSettings>;

/** What everybody may know: `/status/<tenant>` and `/status/<tenant>.json`. */
export const PublicStatus = z.object({
  at: z.number(),
  name: z.string(),
  terminals: z.array(
    z.object({
      site: z.string(),
      address: z.string(),
      lat: z.number().optional(),
      lon: z.number().optional(),
      state: z.enum(['in-service', 'partly', 'out-of-service']),
      /** Payments and receipts: what does not work today, for citizens. */
      limits: z.array(z.string()),
    }),
  ),
});
export type PublicStatus = z.infer<typeof PublicStatus>;
