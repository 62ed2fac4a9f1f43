import type { Activation } from '@jolly/contracts/fleet-api';
import type { PaymentGateway } from '../gateway/index.ts';
import type { Transaction } from '../store/index.ts';
import type { PaymentsContext } from './context.ts';
import { type OutcomeDesk, storeOutcome } from './outcome.ts';
import {
  addStep,
  closeCall,
  getPayment,
  insertCall,
  openCall,
  requestOf,
  updateCall,
  updatePayment,
} from './records.ts';
import { ACTIVATION_TRIES, FOREGROUND_MS } from './schedule.ts';
import type { PaymentKey } from './tables.ts';

/** Announces charges, for the gateways that want it (pagopa.md 5.2, pre-close). To be run one at a time for a payment. */
export function announcements(ctx: PaymentsContext, outcomes: OutcomeDesk) {
  const { store, clock } = ctx;

  /** No announcement, no card: the session is cancelled. */
  const giveUpAnnouncing = async (
    key: PaymentKey,
    gateway: PaymentGateway,
    reason: string,
  ): Promise<void> => {
    await store.transaction(async (tx) => {
      const row = await openCall(tx, key, 'announce');
      const payment = await getPayment(tx, key);
      if (!row || payment.outcome) return;
      await addStep(tx, key, clock.now(), 'announcement-given-up', reason);
      await storeOutcome(ctx, tx, gateway, payment, { outcome: 'KO', reason: 'recovered' });
    });
    ctx.changes.notify(key.tenantId, 'payments');
    void outcomes.forward(key);
  };

  /**
   * The charge is announced before the terminal hears of the session: without it no card is asked for, and the session
   * is cancelled. A repetition sends the same request, so the announcement is made once however often the answer is lost.
   */
  const announceWhileWaiting = async (key: PaymentKey, gateway: PaymentGateway): Promise<void> => {
    const { announce } = gateway;
    if (!announce) return;
    let reason = 'unanswered';
    for (let tries = 0; tries < ACTIVATION_TRIES; tries++) {
      const row = await openCall(store, key, 'announce');
      if (!row) return;
      await updateCall(store, row, { attempts: row.attempts + 1, next_at: clock.now() + FOREGROUND_MS });
      const answer = await announce.send(requestOf(ctx.keyring, row)).catch((error: unknown) => {
        ctx.log.error({ err: error }, 'announcement could not be sent');
        return { ok: 'unknown', reason: 'failed' } as const;
      });
      if (answer.ok === true) {
        await store.transaction(async (tx) => {
          const open = await openCall(tx, key, 'announce');
          if (open?.seq !== row.seq) return;
          await closeCall(tx, row, clock.now());
          await updatePayment(tx, key, { state: 'activated' });
          await addStep(tx, key, clock.now(), 'announced');
        });
        ctx.changes.notify(key.tenantId, 'payments');
        return;
      }
      reason = answer.ok === false ? answer.faultCode : answer.reason;
      if (answer.ok === false) break;
    }
    await giveUpAnnouncing(key, gateway, reason);
  };

  return { announce: announceWhileWaiting, giveUp: giveUpAnnouncing };
}

/** Commits the exact announcement of a session just opened. */
export async function storeAnnouncement(
  ctx: PaymentsContext,
  tx: Transaction,
  announce: NonNullable<PaymentGateway['announce']>,
  key: PaymentKey,
  activation: Activation,
): Promise<void> {
  const now = ctx.clock.now();
  const prepared = announce.prepare({
    kioskPaymentId: key.kioskPaymentId,
    paymentToken: activation.paymentToken,
    amountCents: activation.amountCents,
    feeCents: activation.feeCents,
  });
  await insertCall(tx, ctx.keyring, key, prepared, { now, nextAt: now + FOREGROUND_MS });
  await addStep(tx, key, now, 'announcement-stored');
}
