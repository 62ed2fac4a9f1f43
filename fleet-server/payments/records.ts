import {
  Activation,
  CardEvidence,
  OutcomeRequest,
  PaymentProblem,
  PaymentState,
  type PaymentStatus,
} from '@jolly/contracts/fleet-api';
import type { Selectable, Updateable } from 'kysely';
import { z } from 'zod';
import {
  type FeeBundle,
  type GatewayOperation,
  gatewayOperations,
  type NoticeShown,
  type PreparedRequest,
} from '../gateway/index.ts';
import { fail } from '../problems/index.ts';
import type { Keyring } from '../sealing/index.ts';
import type { Tables, Transaction } from '../store/index.ts';
import { instructionOf } from './rules.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

export type CallRow = Selectable<PaymentTables['gateway_call']>;
type PaymentRow = Selectable<PaymentTables['payment']>;

/** A payment as the capability sees it: JSON columns decoded. */
export interface Payment {
  readonly key: PaymentKey;
  readonly notice: { readonly noticeNumber: string; readonly creditorTaxCode: string };
  readonly state: PaymentState;
  readonly startedAt: number;
  readonly askedCents: number | undefined;
  readonly activation: Activation | undefined;
  readonly problem: PaymentProblem | undefined;
  readonly faultCode: string | undefined;
  readonly outcome: OutcomeRequest | undefined;
  readonly outcomeAt: number | undefined;
  readonly card: CardEvidence | undefined;
  readonly acknowledgedAt: number | undefined;
  readonly answer: string | undefined;
  readonly receipt: 'none' | 'printed' | 'phone' | 'provisional';
  readonly receiptAt: number | undefined;
  readonly lookAt: number | undefined;
  readonly looks: number;
  readonly shown: NoticeShown | undefined;
  readonly bundle: FeeBundle | undefined;
}

const Shown = z.object({
  description: z.string(),
  creditorName: z.string(),
  office: z.string().optional(),
}) as z.ZodType<NoticeShown>;
const Bundle = z.object({
  idBundle: z.string().optional(),
  idCiBundle: z.string().optional(),
}) as z.ZodType<FeeBundle>;

const RECEIPTS = ['none', 'printed', 'phone', 'provisional'] as const;

export function toPayment(row: PaymentRow): Payment {
  const json = <T>(schema: { parse(value: unknown): T }, text: string | null): T | undefined =>
    text === null ? undefined : schema.parse(JSON.parse(text));
  return {
    key: { tenantId: row.tenant_id, terminalId: row.terminal_id, kioskPaymentId: row.kiosk_payment_id },
    notice: { noticeNumber: row.notice_number, creditorTaxCode: row.creditor_tax_code },
    state: PaymentState.parse(row.state),
    startedAt: row.started_at,
    askedCents: row.asked_cents ?? undefined,
    activation: json(Activation, row.activation),
    problem: json(PaymentProblem, row.problem),
    faultCode: row.fault_code ?? undefined,
    outcome: json(OutcomeRequest, row.outcome),
    outcomeAt: row.outcome_at ?? undefined,
    card: json(CardEvidence, row.card),
    acknowledgedAt: row.acknowledged_at ?? undefined,
    answer: row.answer ?? undefined,
    receipt: RECEIPTS.find((word) => word === row.receipt) ?? 'none',
    receiptAt: row.receipt_at ?? undefined,
    lookAt: row.look_at ?? undefined,
    looks: row.looks,
    shown: json(Shown, row.shown),
    bundle: json(Bundle, row.bundle),
  };
}

const keyColumns = (key: PaymentKey) => ({
  tenant_id: key.tenantId,
  terminal_id: key.terminalId,
  kiosk_payment_id: key.kioskPaymentId,
});

/** The subject of a payment's operator items. */
export function subjectOf(key: PaymentKey): string {
  return `${key.terminalId}/${key.kioskPaymentId}`;
}

/** Names one payment among all tenants: for what runs one at a time. */
export function lockOf(key: PaymentKey): string {
  return `${key.tenantId}/${subjectOf(key)}`;
}

export async function findPayment(db: Tables, key: PaymentKey): Promise<Payment | undefined> {
  const row = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .selectAll()
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .executeTakeFirst();
  return row && toPayment(row);
}

/** Throws PAYMENT_UNKNOWN: another terminal's payment is as unknown as one that never was. */
export async function getPayment(db: Tables, key: PaymentKey): Promise<Payment> {
  const payment = await findPayment(db, key);
  if (!payment) throw fail('PAYMENT_UNKNOWN');
  return payment;
}

export async function insertPayment(
  db: Tables,
  key: PaymentKey,
  notice: Payment['notice'],
  startedAt: number,
  shown?: NoticeShown,
): Promise<void> {
  await db
    .of<PaymentTables>()
    .insertInto('payment')
    .values({
      ...keyColumns(key),
      notice_number: notice.noticeNumber,
      creditor_tax_code: notice.creditorTaxCode,
      state: 'verified',
      started_at: startedAt,
      receipt: 'none',
      looks: 0,
      shown: shown ? JSON.stringify(shown) : null,
    })
    .execute();
}

export async function updatePayment(
  db: Tables,
  key: PaymentKey,
  values: Updateable<PaymentTables['payment']>,
): Promise<void> {
  await db
    .of<PaymentTables>()
    .updateTable('payment')
    .set(values)
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .execute();
}

export async function addStep(
  db: Transaction,
  key: PaymentKey,
  at: number,
  what: string,
  detail?: string,
): Promise<void> {
  const { count } = await db
    .of<PaymentTables>()
    .selectFrom('payment_step')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .executeTakeFirstOrThrow();
  await db
    .of<PaymentTables>()
    .insertInto('payment_step')
    .values({ ...keyColumns(key), seq: Number(count), at, what, detail: detail?.slice(0, 200) ?? null })
    .execute();
}

const contextOf = (key: PaymentKey, idempotencyKey: string) =>
  `call:${key.tenantId}:${key.terminalId}:${key.kioskPaymentId}:${idempotencyKey}`;

const keyOfCall = (row: CallRow): PaymentKey => ({
  tenantId: row.tenant_id,
  terminalId: row.terminal_id,
  kioskPaymentId: row.kiosk_payment_id,
});

/** Stores a request to the node, to be sent only once this transaction has committed. */
export async function insertCall(
  db: Tables,
  keyring: Keyring,
  key: PaymentKey,
  request: PreparedRequest,
  at: { readonly now: number; readonly nextAt: number | null },
): Promise<void> {
  const { count } = await db
    .of<PaymentTables>()
    .selectFrom('gateway_call')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .executeTakeFirstOrThrow();
  await db
    .of<PaymentTables>()
    .insertInto('gateway_call')
    .values({
      ...keyColumns(key),
      operation: request.operation,
      seq: Number(count),
      idempotency_key: request.idempotencyKey,
      body_sealed: keyring.seal(request.body, contextOf(key, request.idempotencyKey)),
      stored_at: at.now,
      attempts: 0,
      next_at: at.nextAt,
      answered_at: null,
    })
    .execute();
}

/** The request of a kind that the node has not answered yet. */
export function openCall(
  db: Tables,
  key: PaymentKey,
  operation: GatewayOperation,
): Promise<CallRow | undefined> {
  return db
    .of<PaymentTables>()
    .selectFrom('gateway_call')
    .selectAll()
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .where('operation', '=', operation)
    .where('answered_at', 'is', null)
    .executeTakeFirst();
}

/** Whether the gateway took the announcement of this payment's charge. */
export async function wasAnnounced(db: Tables, key: PaymentKey): Promise<boolean> {
  const row = await db
    .of<PaymentTables>()
    .selectFrom('gateway_call')
    .select('seq')
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .where('operation', '=', 'announce')
    .where('answered_at', 'is not', null)
    .where('attempts', '>', 0)
    .executeTakeFirst();
  return row !== undefined;
}

/** The stored request, byte for byte. */
export function requestOf(keyring: Keyring, row: CallRow): PreparedRequest {
  return {
    operation: z.enum(gatewayOperations).parse(row.operation),
    idempotencyKey: row.idempotency_key,
    body: keyring.open(row.body_sealed, contextOf(keyOfCall(row), row.idempotency_key)),
  };
}

export async function updateCall(
  db: Tables,
  row: CallRow,
  values: Updateable<PaymentTables['gateway_call']>,
): Promise<void> {
  await db
    .of<PaymentTables>()
    .updateTable('gateway_call')
    .set(values)
    .where('tenant_id', '=', row.tenant_id)
    .where('terminal_id', '=', row.terminal_id)
    .where('kiosk_payment_id', '=', row.kiosk_payment_id)
    .where('operation', '=', row.operation)
    .where('seq', '=', row.seq)
    .execute();
}

/** As `updateCall`, where nobody has counted another attempt since the row was read; false where somebody has. */
export async function claimCall(
  db: Tables,
  row: CallRow,
  values: Updateable<PaymentTables['gateway_call']>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .of<PaymentTables>()
    .updateTable('gateway_call')
    .set(values)
    .where('tenant_id', '=', row.tenant_id)
    .where('terminal_id', '=', row.terminal_id)
    .where('kiosk_payment_id', '=', row.kiosk_payment_id)
    .where('operation', '=', row.operation)
    .where('seq', '=', row.seq)
    .where('attempts', '=', row.attempts)
    .where('answered_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * The node has spoken: nothing is ever sent again, and the body with its password is not kept. `given-up`: it has not,
 * and nobody asks any more.
 */
export function closeCall(
  db: Tables,
  row: CallRow,
  now: number,
  why: 'answered' | 'given-up' = 'answered',
): Promise<void> {
  return updateCall(db, row, {
    answered_at: now,
    next_at: null,
    body_sealed: '',
    ...(why === 'given-up' ? { attempts: 0 } : {}),
  });
}

/** Seals every body that may still be sent again under the key now in force. Returns how many. */
export async function resealCalls(db: Tables, keyring: Keyring): Promise<number> {
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('gateway_call')
    .selectAll()
    .where('answered_at', 'is', null)
    .execute();
  for (const row of rows) {
    const context = contextOf(keyOfCall(row), row.idempotency_key);
    const body = keyring.open(row.body_sealed, context);
    await updateCall(db, row, { body_sealed: keyring.seal(body, context) });
  }
  return rows.length;
}

export function statusOfPayment(payment: Payment): PaymentStatus {
  return {
    kioskPaymentId: payment.key.kioskPaymentId,
    state: payment.state,
    instruction: instructionOf(payment.state),
    // Not before its charge is announced, where the gateway asks for that.
    ...(payment.activation && payment.state !== 'activating' ? { activation: payment.activation } : {}),
    ...(payment.faultCode === undefined ? {} : { faultCode: payment.faultCode }),
    ...(payment.acknowledgedAt === undefined ? {} : { acknowledgedAt: payment.acknowledgedAt }),
  };
}
