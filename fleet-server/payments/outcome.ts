import type { CardEvidence, OutcomeRequest, OutcomeResponse } from '@jolly/contracts/fleet-api';
import { dayOf, localTimeOf } from '../calendar/index.ts';
import type { OutcomeAnswer, OutcomeFacts, PaymentGateway } from '../gateway/index.ts';
import { fail } from '../problems/index.ts';
import type { Transaction } from '../store/index.ts';
import { isOpen, judgedByGateway, rowsOf } from './authorisation-records.ts';
import { OneAtATime, type PaymentsContext, raiseFor } from './context.ts';
import {
  addStep,
  type CallRow,
  claimCall,
  closeCall,
  getPayment,
  insertCall,
  lockOf,
  openCall,
  type Payment,
  requestOf,
  statusOfPayment,
  subjectOf,
  updateCall,
  updatePayment,
  wasAnnounced,
} from './records.ts';
import { afterAnswer, mustGiveBack, REVERSAL_GRACE_MS } from './rules.ts';
import { nextOutcomeAttempt } from './schedule.ts';
import type { PaymentKey } from './tables.ts';

/** How long the reply to the terminal waits for the node, so that it usually already says "confirmed". */
export const ANSWER_WAIT_MS = 1_500;

export interface OutcomeDesk {
  /** Resolves only after the commit. Repeating the same outcome is harmless; another one is refused. */
  take(key: PaymentKey, request: OutcomeRequest): Promise<OutcomeResponse>;
  /** Sends the stored outcome if the node has not answered it; never rejects. */
  forward(key: PaymentKey): Promise<void>;
  idle(): Promise<void>;
}

type Taken = 'stored' | 'known' | 'OUTCOME_CONTRADICTS' | 'CHARGE_DIFFERS';

export function outcomeDesk(ctx: PaymentsContext): OutcomeDesk {
  const { store, clock } = ctx;
  const sending = new OneAtATime();

  const forward = (key: PaymentKey) =>
    sending
      .run(lockOf(key), () => sendStored(ctx, key))
      .catch((error: unknown) => ctx.log.error({ err: error }, 'outcome could not be forwarded'));

  return {
    async take(key, request) {
      const gateway = await ctx.gatewayFor(key);
      const taken = await store.transaction(async (tx): Promise<Taken> => {
        const payment = await getPayment(tx, key);
        if (payment.outcome) return takeAgain(ctx, tx, payment, payment.outcome, request);
        if (request.outcome === 'OK' && !payment.activation) throw fail('PAYMENT_NOT_ACTIVATED');
        if (request.outcome === 'OK' && request.card.amountCents !== payment.activation?.totalCents) {
          await owe(ctx, tx, payment, request.card, 'charged-another-amount');
          return 'CHARGE_DIFFERS';
        }
        await storeOutcome(ctx, tx, gateway, payment, request);
        if (gateway.card && request.outcome === 'KO') await judge(ctx, tx, payment, request);
        return 'stored';
      });
      ctx.changes.notify(key.tenantId, 'payments');
      if (taken === 'OUTCOME_CONTRADICTS' || taken === 'CHARGE_DIFFERS') throw fail(taken);
      await withinWait(clock, forward(key));
      return { stored: true, status: statusOfPayment(await getPayment(store, key)) };
    },
    forward,
    idle: () => sending.idle(),
  };
}

function withinWait(clock: PaymentsContext['clock'], sent: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ANSWER_WAIT_MS, resolve);
    void sent.then(() => {
      cancel();
      resolve();
    });
  });
}

/** Commits an outcome and the exact request that will announce it. Without a session there is nothing to announce. */
export async function storeOutcome(
  ctx: PaymentsContext,
  tx: Transaction,
  gateway: PaymentGateway,
  payment: Payment,
  request: OutcomeRequest,
): Promise<void> {
  const now = ctx.clock.now();
  const { key, activation } = payment;
  const card = request.outcome === 'OK' ? request.card : undefined;
  await updatePayment(tx, key, {
    state: activation ? 'outcome-stored' : 'cancelled',
    outcome: JSON.stringify(request),
    outcome_at: payment.outcomeAt ?? now,
    look_at: null,
    ...(card ? { card: JSON.stringify(card), charged_at: card.chargedAt } : {}),
  });
  const detail = request.outcome === 'OK' ? String(request.card.amountCents) : request.reason;
  await addStep(tx, key, now, `outcome-${request.outcome}-stored`, detail);
  // What was asked of a person while the terminal was silent is answered by its word, but a card of the gateway's that is
  // still open is not by the charge of another one.
  if (request.outcome === 'KO' || !(await rowsOf(tx, key)).some(isOpen)) {
    const settled = { tenantId: key.tenantId, subject: subjectOf(key), kinds: ['charge-unknown'] };
    await ctx.operator.settle(tx, settled, `outcome-${request.outcome}`);
  }
  if (!activation) return;
  const unannounced = await openCall(tx, key, 'announce');
  if (unannounced) await closeCall(tx, unannounced, now, 'given-up');
  const at = card?.chargedAt ?? now;
  const timeZone = ctx.timeZoneOf(key.tenantId);
  const facts: OutcomeFacts = {
    kioskPaymentId: key.kioskPaymentId,
    paymentToken: activation.paymentToken,
    outcome: request.outcome,
    feeCents: activation.feeCents,
    paymentMethod: methodOf(card),
    applicationDate: dayOf(at, timeZone),
    localTime: localTimeOf(at, timeZone),
    announced: gateway.card
      ? (await judgedByGateway(tx, key, request)) === 'agrees'
      : gateway.announce !== undefined && (await wasAnnounced(tx, key)),
    ...(payment.bundle ? { bundle: payment.bundle } : {}),
  };
  await insertCall(tx, ctx.keyring, key, gateway.prepareOutcome(facts), { now, nextAt: now });
}

/**
 * Where the gateway asked for the card its word counts, not the terminal's: one that it charged, or may still charge,
 * and that the terminal gave up goes to a person. The node needs no outcome of ours either way.
 */
async function judge(
  ctx: PaymentsContext,
  tx: Transaction,
  payment: Payment,
  request: OutcomeRequest,
): Promise<void> {
  const judged = await judgedByGateway(tx, payment.key, request);
  if (judged === 'agrees') return;
  await addStep(tx, payment.key, ctx.clock.now(), 'outcome-against-gateway', judged);
  const kind = judged === 'still-open' ? 'charge-unknown' : 'outcome-rejected';
  await raiseFor(ctx, tx, payment, { kind, reason: `gateway-${judged}` });
}

function methodOf(card: CardEvidence | undefined): OutcomeFacts['paymentMethod'] {
  if (card?.cardType === 'debit') return 'bancomat';
  return card?.cardType === 'credit' ? 'creditCard' : 'other';
}

/** A second outcome for one payment: the same is a repetition, another one may mean that money must go back. */
async function takeAgain(
  ctx: PaymentsContext,
  tx: Transaction,
  payment: Payment,
  first: OutcomeRequest,
  second: OutcomeRequest,
): Promise<Taken> {
  if (second.outcome === 'KO') {
    if (first.outcome === 'KO') return 'known';
    await addStep(tx, payment.key, ctx.clock.now(), 'outcome-contradicted', `KO after OK: ${second.reason}`);
    await raiseFor(ctx, tx, payment, { kind: 'charge-unknown', reason: 'cancelled-after-confirmed-charge' });
    return 'OUTCOME_CONTRADICTS';
  }
  if (first.outcome === 'OK') {
    if (sameCharge(first.card, second.card)) return 'known';
    await addStep(tx, payment.key, ctx.clock.now(), 'outcome-contradicted', 'another charge');
    await raiseFor(ctx, tx, payment, {
      kind: 'refund',
      reason: 'charged-twice',
      amountCents: second.card.amountCents,
    });
    return 'OUTCOME_CONTRADICTS';
  }
  await owe(ctx, tx, payment, second.card, 'charged-after-cancel');
  return 'OUTCOME_CONTRADICTS';
}

function sameCharge(one: CardEvidence, other: CardEvidence): boolean {
  return (
    one.posTerminalId === other.posTerminalId &&
    one.stan === other.stan &&
    one.amountCents === other.amountCents &&
    one.onlineId === other.onlineId
  );
}

/** A charge that no outcome can announce: the terminal is told to reverse it, and a person sees to it if it does not. */
async function owe(
  ctx: PaymentsContext,
  tx: Transaction,
  payment: Payment,
  card: CardEvidence,
  reason: string,
): Promise<void> {
  if (payment.card && sameCharge(payment.card, card)) return;
  const now = ctx.clock.now();
  await updatePayment(tx, payment.key, {
    state: 'discordant',
    card: JSON.stringify(card),
    charged_at: card.chargedAt,
    look_at: now + REVERSAL_GRACE_MS,
  });
  await addStep(tx, payment.key, now, reason, String(card.amountCents));
  await raiseFor(ctx, tx, payment, { kind: 'refund', reason, amountCents: card.amountCents });
}

/** Sends the outcome that is stored and unanswered, the very bytes that were stored. */
async function sendStored(ctx: PaymentsContext, key: PaymentKey): Promise<void> {
  const { store, clock } = ctx;
  const row = await openCall(store, key, 'sendPaymentOutcomeV2');
  if (!row || row.next_at === null) return;
  const gateway = await ctx.gatewayFor(key);
  const attempts = row.attempts + 1;
  const expiresAt = (await getPayment(store, key)).activation?.expiresAt ?? row.stored_at;
  const next = () => nextOutcomeAttempt({ attempts, storedAt: row.stored_at, expiresAt, now: clock.now() });
  // Counted before it is sent: killed in between, the schedule goes on from here.
  // And claimed: of replicas that look at it in the same moment one sends.
  if (!(await claimCall(store, row, { attempts, next_at: next() ?? clock.now() }))) return;
  const answer = await gateway
    .sendOutcome(requestOf(ctx.keyring, row), attempts)
    .catch((error: unknown): OutcomeAnswer => {
      ctx.log.error({ err: error }, 'outcome could not be sent');
      return { answer: 'unreachable', reason: 'failed' };
    });
  await store.transaction((tx) => takeAnswer(ctx, tx, row, answer, next()));
  ctx.changes.notify(key.tenantId, 'payments');
}

async function takeAnswer(
  ctx: PaymentsContext,
  tx: Transaction,
  row: CallRow,
  answer: OutcomeAnswer,
  nextAt: number | undefined,
): Promise<void> {
  const key = { tenantId: row.tenant_id, terminalId: row.terminal_id, kioskPaymentId: row.kiosk_payment_id };
  const now = ctx.clock.now();
  const payment = await getPayment(tx, key);
  if (answer.answer === 'unreachable' || answer.answer === 'pending') {
    const pending = answer.answer === 'pending';
    const again = pending && nextAt !== undefined ? now + answer.againInMs : nextAt;
    await updateCall(tx, row, { next_at: again ?? null });
    await addStep(tx, key, now, pending ? 'outcome-pending' : 'outcome-unanswered', answer.reason);
    if (nextAt === undefined) {
      await raiseFor(ctx, tx, payment, { kind: 'outcome-late', reason: 'node-silent-for-24h' });
    }
    return;
  }
  await closeCall(tx, row, now);
  const outcome = payment.outcome?.outcome ?? 'KO';
  const consequence = afterAnswer(outcome, answer);
  // A charge that came after our KO has already made the payment one to give back: the KO's answer changes nothing.
  const kept = mustGiveBack(payment.state) || payment.state === 'refunded';
  await updatePayment(tx, key, {
    answer: answer.answer,
    acknowledged_at: consequence.acknowledged ? now : null,
    fault_code: answer.answer === 'rejected' ? answer.faultCode : null,
    ...(kept
      ? {}
      : {
          state: consequence.state,
          looks: 0,
          look_at: consequence.lookAfterMs === undefined ? null : now + consequence.lookAfterMs,
        }),
  });
  await addStep(tx, key, now, `node-answered:${answer.answer}`, kept ? payment.state : consequence.state);
  for (const item of consequence.items) await raiseFor(ctx, tx, payment, item);
}
