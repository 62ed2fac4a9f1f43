import { CardEvidence } from '@jolly/contracts/fleet-api';
import type { CallbackRead } from '../gateway/index.ts';
import type { Transaction } from '../store/index.ts';
import {
  type AuthorisationRow,
  bySession,
  isOpen,
  keyOf,
  lastFirst,
  rowsOf,
  updateRow,
} from './authorisation-records.ts';
import { type PaymentsContext, raiseFor } from './context.ts';
import { addStep, getPayment, type Payment, subjectOf, updatePayment } from './records.ts';

export type Callback = Extract<CallbackRead, { ok: true }>;
type Approved = Extract<Callback['outcome'], { readonly kind: 'approved' }>;

/**
 * Takes the platform's word on a card (pagopa.md 6.1). Whatever was known before, a charge is never passed over: one that
 * the terminal cannot have heard of, or a second one, goes to a person. False when no session of the tenant is meant.
 */
export async function takeCardWord(
  ctx: PaymentsContext,
  tx: Transaction,
  tenantId: string,
  said: Callback,
): Promise<boolean> {
  const row = await bySession(tx, tenantId, said.sessionId);
  if (row?.pos_terminal_id !== said.posTerminalId) return false;
  if (isRepetition(row, said.outcome)) return true;
  const { outcome } = said;
  const key = keyOf(row);
  const now = ctx.clock.now();
  const payment = await getPayment(tx, key);
  const rows = await rowsOf(tx, key);
  if (row.told_at === null) {
    await addStep(tx, key, now, `card-${outcome.kind}`, reasonOf(outcome) ?? undefined);
    // What another session of the payment has left open is not answered by this one's end.
    if (!rows.some((other) => other.session_id !== row.session_id && isOpen(other))) {
      const settled = { tenantId, subject: subjectOf(key), kinds: ['charge-unknown'] };
      await ctx.operator.settle(tx, settled, `gateway-${outcome.kind}`);
    }
  } else {
    await addStep(tx, key, now, 'card-contradicted', `${outcome.kind} after ${row.state}`);
  }
  if (outcome.kind === 'approved') {
    await takeCharge(ctx, tx, { payment, row, rows, said, outcome });
    return true;
  }
  if (chargeOf(row)) {
    // Two words about one charge: nobody knows which one holds, so no card is asked for again.
    await updateRow(tx, row, { state: 'unknown', reason: 'REFUSED_AFTER_CHARGE', told_at: now });
    await raiseFor(ctx, tx, payment, {
      kind: 'charge-unknown',
      reason: 'gateway-refused-after-charge',
      amountCents: row.amount_cents,
    });
    return true;
  }
  await updateRow(tx, row, { state: outcome.kind, reason: outcome.reason, look_at: null, told_at: now });
  return true;
}

async function takeCharge(
  ctx: PaymentsContext,
  tx: Transaction,
  of: {
    readonly payment: Payment;
    readonly row: AuthorisationRow;
    readonly rows: readonly AuthorisationRow[];
    readonly said: Callback;
    readonly outcome: Approved;
  },
): Promise<void> {
  const { payment, row, rows, said, outcome } = of;
  const before = chargeOf(row);
  const another = before !== undefined && !sameCharge(before, outcome.card);
  await updateRow(tx, row, {
    state: 'approved',
    reason: null,
    card: another ? row.card : JSON.stringify(outcome.card),
    look_at: null,
    told_at: ctx.clock.now(),
  });
  const { amountCents } = said;
  const elsewhere = rows.some((other) => other.session_id !== row.session_id && chargeOf(other));
  const superseded = lastFirst(rows)[0]?.session_id !== row.session_id;
  if (payment.outcome?.outcome === 'KO') {
    // The terminal had given up: the notice is paid, and the citizen has no receipt.
    await updatePayment(tx, payment.key, {
      card: JSON.stringify(outcome.card),
      charged_at: outcome.card.chargedAt,
    });
    await raiseFor(ctx, tx, payment, {
      kind: 'outcome-rejected',
      reason: 'charged-after-cancel',
      amountCents,
    });
  }
  if (another || elsewhere || superseded || payment.outcome?.outcome === 'OK') {
    await raiseFor(ctx, tx, payment, { kind: 'refund', reason: 'charged-twice', amountCents });
  } else if (!isOpen(row) && !payment.outcome) {
    // The terminal may have heard that nothing was charged. Should it ask again it hears of this charge, and its
    // outcome settles the question.
    await raiseFor(ctx, tx, payment, {
      kind: 'charge-unknown',
      reason: 'gateway-charged-after-refusal',
      amountCents,
    });
  }
  if (amountCents !== row.amount_cents) {
    await raiseFor(ctx, tx, payment, { kind: 'refund', reason: 'charged-another-amount', amountCents });
  }
}

/** The platform tells until it is answered: the same word again is nothing new, another one is. */
function isRepetition(row: AuthorisationRow, outcome: Callback['outcome']): boolean {
  if (row.told_at === null || row.state !== outcome.kind) return false;
  if (outcome.kind !== 'approved') return true;
  const before = chargeOf(row);
  return before !== undefined && sameCharge(before, outcome.card);
}

const reasonOf = (outcome: Callback['outcome']): string | null =>
  outcome.kind === 'approved' ? null : outcome.reason;

/** The charge the platform has once told of, whatever it said afterwards. */
const chargeOf = (row: AuthorisationRow): CardEvidence | undefined =>
  row.card === null ? undefined : CardEvidence.parse(JSON.parse(row.card));

const sameCharge = (one: CardEvidence, other: CardEvidence): boolean =>
  one.onlineId === other.onlineId && one.amountCents === other.amountCents;
