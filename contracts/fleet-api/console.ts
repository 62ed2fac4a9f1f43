import { z } from 'zod';
import { TenantId, TerminalId, Uuid } from '../values/index.ts';
import { PaymentState } from './payments.ts';
import { Role } from './roles.ts';

/** What the fleet console reads and does. Never personal data: a payment shows its notice and amounts only. */

export const ConsoleMe = z.object({
  user: z.string(),
  name: z.string(),
  role: Role,
  tenantId: TenantId,
  tenantName: z.string(),
  demo: z.boolean(),
  /** Municipalities this person may change to, the present one among them. */
  tenants: z.array(z.object({ tenantId: TenantId, name: z.string() })).default([]),
  /** How they signed in. A password of one's own is changed by `local` only. */
  way: z.enum(['demo', 'local', 'oidc']).default('demo'),
  /** The role asks for a second factor and there is none yet: until it is enrolled (`/me/totp`) nothing else answers. */
  totpNeeded: z.boolean().default(false),
  csrf: z.string(),
});
export type ConsoleMe = z.infer<typeof ConsoleMe>;

/** Demo sign-in: the name of one of the demo's users; the configured one when absent. */
export const SignInRequest = z.object({ user: z.string().min(1).max(40).optional() });
export type SignInRequest = z.infer<typeof SignInRequest>;

export const TerminalRow = z.object({
  terminalId: TerminalId,
  site: z.string(),
  state: z.enum(['in-service', 'attention', 'stopped', 'maintenance']),
  /** Machine word for the worst thing, translated by the console: `printer-paper-out`, `offline`… */
  reason: z.string().optional(),
  lastSeenAt: z.number().optional(),
  paymentsToday: z.int(),
  software: z.string().optional(),
});
export type TerminalRow = z.infer<typeof TerminalRow>;

export const Overview = z.object({
  at: z.number(),
  day: z.string(),
  terminals: z.array(TerminalRow),
  paymentsToday: z.int(),
  collectedTodayCents: z.int(),
  pendingOutcomes: z.int(),
  openItems: z.int(),
  /** Health of payments over the last 24 h, counts per state. */
  states: z.record(PaymentState, z.int()).or(z.record(z.string(), z.int())),
  outcomeP95Ms: z.number().optional(),
});
export type Overview = z.infer<typeof Overview>;

export const PaymentRow = z.object({
  kioskPaymentId: z.string(),
  terminalId: TerminalId,
  noticeNumber: z.string(),
  creditorTaxCode: z.string(),
  iuv: z.string().optional(),
  paymentToken: z.string().optional(),
  state: PaymentState,
  amountCents: z.int().optional(),
  feeCents: z.int().optional(),
  faultCode: z.string().optional(),
  startedAt: z.number(),
  chargedAt: z.number().optional(),
  outcomeAt: z.number().optional(),
  receipt: z.enum(['none', 'printed', 'phone', 'provisional']),
  steps: z.array(z.object({ at: z.number(), what: z.string(), detail: z.string().optional() })),
});
export type PaymentRow = z.infer<typeof PaymentRow>;

/** Somebody at a terminal asks for a person; nobody of the office has taken it yet. */
export const AssistanceCall = z.object({
  id: Uuid,
  terminalId: TerminalId,
  at: z.number(),
  /** ISO 639-1: who goes or rings knows which language helps. */
  language: z.string(),
  screen: z.string(),
  supportCode: z.string().optional(),
});
export type AssistanceCall = z.infer<typeof AssistanceCall>;

/** A page of payments, newest first; `next` continues it. */
export const PaymentPage = z.object({ rows: z.array(PaymentRow), next: z.string().optional() });
export type PaymentPage = z.infer<typeof PaymentPage>;

/** One event of the live stream: what changed since the last one, to be read again. The latest value only. */
export const ConsoleEvent = z.object({
  at: z.number(),
  topics: z.array(
    z.enum([
      'payments',
      'terminals',
      'operator-items',
      'match',
      'assistance',
      'alerts',
      'commands',
      'settings',
      'enrolments',
      'people',
      'audit',
    ]),
  ),
});
export type ConsoleEvent = z.infer<typeof ConsoleEvent>;

/** An operator item: something a person must settle. A refund needs a second person. */
export const OperatorItem = z.object({
  id: z.string(),
  kind: z.enum([
    'refund',
    'charge-unknown',
    'receipt-missing',
    'outcome-rejected',
    'outcome-late',
    'match-difference',
    'configuration',
  ]),
  reason: z.string(),
  kioskPaymentId: z.string().optional(),
  terminalId: TerminalId.optional(),
  amountCents: z.int().optional(),
  state: z.enum(['open', 'taken', 'awaiting-second', 'closed']),
  openedAt: z.number(),
  takenBy: z.string().optional(),
  closedAt: z.number().optional(),
  history: z.array(
    z.object({
      at: z.number(),
      by: z.string(),
      act: z.string(),
      note: z.string().optional(),
      proof: z.string().optional(),
    }),
  ),
});
export type OperatorItem = z.infer<typeof OperatorItem>;

export const TakeItem = z.object({});
export const ResolveItem = z.object({
  resolution: z.enum([
    'refunded',
    'charge-found',
    'charge-not-found',
    'reported-code-9',
    'registered',
    'receipt-given',
    'no-action',
  ]),
  note: z.string().min(3).max(500),
  /** Reference of the proof: a bank's transfer id, a slip's number. */
  proof: z.string().min(1).max(120),
});
export type ResolveItem = z.infer<typeof ResolveItem>;
export const ApproveItem = z.object({ approve: z.boolean(), note: z.string().max(500).optional() });
export type ApproveItem = z.infer<typeof ApproveItem>;

/** The day's three-way match: POS ↔ outcomes acknowledged by the node ↔ receipts, sealed by a hash chain. */
export const DayMatch = z.object({
  day: z.string(),
  terminalId: TerminalId,
  state: z.enum(['open', 'balanced', 'differences']),
  pos: z.object({ count: z.int(), totalCents: z.int(), reportedTotalCents: z.int().optional() }),
  outcomes: z.object({ count: z.int(), totalCents: z.int() }),
  receipts: z.object({ count: z.int(), totalCents: z.int() }),
  differences: z.array(
    z.object({
      kind: z.string(),
      kioskPaymentId: z.string().optional(),
      amountCents: z.int().optional(),
      detail: z.string(),
    }),
  ),
  sealedAt: z.number().optional(),
  seal: z.string().optional(),
  previousSeal: z.string().optional(),
});
export type DayMatch = z.infer<typeof DayMatch>;
