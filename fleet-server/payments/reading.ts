import { CardEvidence, type PaymentRow, PaymentState } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import type { Tables } from '../store/index.ts';
import { type Payment, subjectOf, toPayment } from './records.ts';
import type { PaymentTables } from './tables.ts';

/** What others read of payments. */

/** The charges of a time span [from, to), whatever became of them. */
export async function chargedBetween(
  db: Tables,
  of: { readonly tenantId: string; readonly terminalId?: string; readonly from: number; readonly to: number },
): Promise<Payment[]> {
  let query = db
    .of<PaymentTables>()
    .selectFrom('payment')
    .selectAll()
    .where('tenant_id', '=', of.tenantId)
    .where('charged_at', '>=', of.from)
    .where('charged_at', '<', of.to)
    .orderBy('charged_at');
  if (of.terminalId !== undefined) query = query.where('terminal_id', '=', of.terminalId);
  return (await query.execute()).map(toPayment);
}

/** Charged, and nothing says that the money went or must go back. */
const COLLECTED = ['outcome-stored', 'confirmed', 'confirmed-late'] as const;

/** The charges of a time span [from, to) that stay collected: how many each terminal has. */
export async function countCollected(
  db: Tables,
  of: {
    readonly tenantId: string;
    readonly from: number;
    readonly to: number;
    /** Only these; all when absent. */
    readonly terminals?: readonly string[];
  },
): Promise<ReadonlyMap<string, number>> {
  let query = db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select((eb) => ['terminal_id', eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', of.tenantId)
    .where('charged_at', '>=', of.from)
    .where('charged_at', '<', of.to)
    .where('state', 'in', COLLECTED)
    .where('card', 'is not', null)
    .groupBy('terminal_id');
  if (of.terminals) query = query.where('terminal_id', 'in', of.terminals);
  return new Map((await query.execute()).map((row) => [row.terminal_id, Number(row.count)]));
}

const Amount = CardEvidence.pick({ amountCents: true });

/** The same charges one by one: when, and how much. */
export async function collectedBetween(
  db: Tables,
  of: {
    readonly tenantId: string;
    readonly from: number;
    readonly to: number;
    readonly terminalId?: string;
  },
): Promise<{ readonly chargedAt: number; readonly amountCents: number }[]> {
  let query = db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select(['charged_at', 'card'])
    .where('tenant_id', '=', of.tenantId)
    .where('charged_at', '>=', of.from)
    .where('charged_at', '<', of.to)
    .where('state', 'in', COLLECTED)
    .where('card', 'is not', null);
  if (of.terminalId !== undefined) query = query.where('terminal_id', '=', of.terminalId);
  return (await query.execute()).map((row) => ({
    chargedAt: row.charged_at ?? 0,
    ...Amount.parse(JSON.parse(row.card ?? '{}')),
  }));
}

/** How the payments that began since an instant stand, and how long the node took to acknowledge those that were paid (ms). */
export async function healthSince(
  db: Tables,
  tenantId: string,
  since: number,
): Promise<{ readonly states: Record<string, number>; readonly waits: readonly number[] }> {
  const payments = db
    .of<PaymentTables>()
    .selectFrom('payment')
    .where('tenant_id', '=', tenantId)
    .where('started_at', '>=', since);
  const counts = await payments
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  const paid = await payments
    .select(['outcome_at', 'acknowledged_at'])
    .where('acknowledged_at', 'is not', null)
    .where('outcome', 'like', '%"outcome":"OK"%')
    .execute();
  return {
    states: Object.fromEntries(counts.map(({ state, count }) => [state, Number(count)])),
    waits: paid.flatMap(({ outcome_at: from, acknowledged_at: to }) =>
      from === null || to === null ? [] : [to - from],
    ),
  };
}

/** A terminal's payments that began in a time span [from, to), newest first: how they stand, never whose they are. */
export async function paymentsOfTerminal(
  db: Tables,
  of: {
    readonly tenantId: string;
    readonly terminalId: string;
    readonly from: number;
    readonly to: number;
    readonly limit: number;
  },
): Promise<
  { readonly at: number; readonly state: PaymentState; readonly amountCents: number | undefined }[]
> {
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select(['started_at', 'charged_at', 'state', 'asked_cents'])
    .where('tenant_id', '=', of.tenantId)
    .where('terminal_id', '=', of.terminalId)
    .where('started_at', '>=', of.from)
    .where('started_at', '<', of.to)
    .orderBy('started_at', 'desc')
    .limit(of.limit)
    .execute();
  return rows.map((row) => ({
    at: row.charged_at ?? row.started_at,
    state: PaymentState.parse(row.state),
    amountCents: row.asked_cents ?? undefined,
  }));
}

/** The last charge of each terminal in a time span [from, to). */
export async function lastCharges(
  db: Tables,
  of: { readonly tenantId: string; readonly from: number; readonly to: number },
): Promise<{ readonly terminalId: string; readonly chargedAt: number }[]> {
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select((eb) => ['terminal_id', eb.fn.max('charged_at').as('last')])
    .where('tenant_id', '=', of.tenantId)
    .where('charged_at', '>=', of.from)
    .where('charged_at', '<', of.to)
    .groupBy('terminal_id')
    .execute();
  return rows.map((row) => ({ terminalId: row.terminal_id, chargedAt: Number(row.last) }));
}

/** Those of a terminal's payments that these ids name. */
export async function paymentsById(
  db: Tables,
  of: { readonly tenantId: string; readonly terminalId: string; readonly ids: readonly string[] },
): Promise<Payment[]> {
  if (of.ids.length === 0) return [];
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .selectAll()
    .where('tenant_id', '=', of.tenantId)
    .where('terminal_id', '=', of.terminalId)
    .where('kiosk_payment_id', 'in', [...of.ids])
    .execute();
  return rows.map(toPayment);
}

/** All payments of a notice at any terminal of the tenant, as subjects of operator items. */
export async function subjectsOfNotice(db: Tables, tenantId: string, notice: NoticeKey): Promise<string[]> {
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('notice_number', '=', notice.noticeNumber)
    .where('creditor_tax_code', '=', notice.creditorTaxCode)
    .execute();
  return rows.map((row) => subjectOf(toPayment(row).key));
}

/** Outcomes that are stored here and that the node has not answered. */
export async function countPendingOutcomes(db: Tables, tenantId: string): Promise<number> {
  const { count } = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'outcome-stored')
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface PageWanted {
  readonly tenantId: string;
  readonly state?: string | undefined;
  readonly terminalId?: string | undefined;
  readonly kioskPaymentId?: string | undefined;
  /** Where the page before ended: `startedAt_id`. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Payments newest first, with their steps. */
export async function readPage(
  db: Tables,
  wanted: PageWanted,
): Promise<{ rows: PaymentRow[]; next?: string }> {
  let query = db
    .of<PaymentTables>()
    .selectFrom('payment')
    .selectAll()
    .where('tenant_id', '=', wanted.tenantId)
    .orderBy('started_at', 'desc')
    .orderBy('kiosk_payment_id', 'desc')
    .limit(wanted.limit + 1);
  if (wanted.state !== undefined) query = query.where('state', '=', wanted.state);
  if (wanted.terminalId !== undefined) query = query.where('terminal_id', '=', wanted.terminalId);
  if (wanted.kioskPaymentId !== undefined) {
    query = query.where('kiosk_payment_id', '=', wanted.kioskPaymentId);
  }
  const [startedAt = '', id = ''] = wanted.after?.split('_') ?? [];
  if (id !== '') {
    query = query.where((eb) =>
      eb.or([
        eb('started_at', '<', Number(startedAt)),
        eb.and([eb('started_at', '=', Number(startedAt)), eb('kiosk_payment_id', '<', id)]),
      ]),
    );
  }
  const found = (await query.execute()).map(toPayment);
  const page = found.slice(0, wanted.limit);
  const steps = await stepsOf(db, wanted.tenantId, page);
  const last = page.at(-1);
  return {
    rows: page.map((payment) => rowOf(payment, steps.get(payment.key.kioskPaymentId) ?? [])),
    ...(found.length > wanted.limit && last ? { next: `${last.startedAt}_${last.key.kioskPaymentId}` } : {}),
  };
}

async function stepsOf(
  db: Tables,
  tenantId: string,
  page: readonly Payment[],
): Promise<Map<string, PaymentRow['steps']>> {
  const byPayment = new Map<string, PaymentRow['steps']>();
  if (page.length === 0) return byPayment;
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment_step')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where(
      'kiosk_payment_id',
      'in',
      page.map((payment) => payment.key.kioskPaymentId),
    )
    .orderBy('seq')
    .execute();
  for (const row of rows) {
    const steps = byPayment.get(row.kiosk_payment_id) ?? [];
    steps.push({ at: row.at, what: row.what, ...(row.detail === null ? {} : { detail: row.detail }) });
    byPayment.set(row.kiosk_payment_id, steps);
  }
  return byPayment;
}

function rowOf(payment: Payment, steps: PaymentRow['steps']): PaymentRow {
  const { key, notice, activation, card } = payment;
  const amountCents = activation?.amountCents ?? payment.askedCents;
  return {
    kioskPaymentId: key.kioskPaymentId,
    terminalId: key.terminalId,
    noticeNumber: notice.noticeNumber,
    creditorTaxCode: notice.creditorTaxCode,
    state: payment.state,
    startedAt: payment.startedAt,
    receipt: payment.receipt,
    steps,
    ...(activation
      ? { iuv: activation.iuv, paymentToken: activation.paymentToken, feeCents: activation.feeCents }
      : {}),
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(payment.faultCode === undefined ? {} : { faultCode: payment.faultCode }),
    ...(card ? { chargedAt: card.chargedAt } : {}),
    ...(payment.acknowledgedAt === undefined ? {} : { outcomeAt: payment.acknowledgedAt }),
  };
}
