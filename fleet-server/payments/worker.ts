import type { ActivationDesk } from './activation.ts';
import type { AuthorisationDesk } from './authorisations.ts';
import { OneAtATime, type PaymentsContext, raiseFor } from './context.ts';
import type { OutcomeDesk } from './outcome.ts';
import { addStep, getPayment, lockOf, type Payment, toPayment, updatePayment } from './records.ts';
import { LATE_LIMIT_MS, lateLookMs, mustGiveBack } from './rules.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

const EVERY_MS = 1_000;
const AT_ONCE = 16;

/**
 * Finishes what was left: outcomes the node has not answered, activations nobody knows the end of, late payments,
 * money that should have gone back. Holds no memory of its own: after a restart it reads what is due and goes on.
 */
export interface PaymentWorker {
  /** Does what is due now; resolves when it is done. */
  runDue(): Promise<void>;
  start(): void;
  /** Waits for what is being sent. */
  stop(): Promise<void>;
}

export function paymentWorker(
  ctx: PaymentsContext,
  activations: ActivationDesk,
  outcomes: OutcomeDesk,
  authorisations: AuthorisationDesk,
): PaymentWorker {
  const { store, clock } = ctx;
  const looking = new OneAtATime();
  let cancel: (() => void) | undefined;
  let stopped = false;

  const runDue = async () => {
    const now = clock.now();
    const db = store.of<PaymentTables>();
    const calls = await db
      .selectFrom('gateway_call')
      .select(['tenant_id', 'terminal_id', 'kiosk_payment_id', 'operation'])
      .where('next_at', '<=', now)
      .orderBy('next_at')
      .limit(AT_ONCE)
      .execute();
    const looks = await db
      .selectFrom('payment')
      .selectAll()
      .where('look_at', '<=', now)
      .orderBy('look_at')
      .limit(AT_ONCE)
      .execute();
    await Promise.all([
      authorisations.lookDue(),
      ...calls.map((row) => {
        const key: PaymentKey = {
          tenantId: row.tenant_id,
          terminalId: row.terminal_id,
          kioskPaymentId: row.kiosk_payment_id,
        };
        if (row.operation === 'sendPaymentOutcomeV2') return outcomes.forward(key);
        // An announcement left open: nobody waits for it any more.
        return row.operation === 'announce' ? activations.abandon(key) : activations.chase(key);
      }),
      ...looks.map(toPayment).map((payment) => looking.run(lockOf(payment.key), () => lookAt(ctx, payment))),
    ]);
  };

  /** A slow answer of one payment does not hold up the others: the next round starts without waiting. */
  const round = () => {
    if (stopped) return;
    runDue().catch((error: unknown) => ctx.log.error({ err: error }, 'payment worker failed'));
    cancel = clock.after(EVERY_MS, round);
  };

  return {
    runDue,
    start() {
      stopped = false;
      round();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await Promise.all([activations.idle(), outcomes.idle(), authorisations.idle(), looking.idle()]);
    },
  };
}

/** Looks again at a payment whose time has come. */
async function lookAt(ctx: PaymentsContext, payment: Payment): Promise<void> {
  if (payment.state === 'confirmed-late') return proveLate(ctx, payment);
  await ctx.store.transaction(async (tx) => {
    const current = await getPayment(tx, payment.key);
    if (current.lookAt !== payment.lookAt) return;
    const now = ctx.clock.now();
    if (mustGiveBack(current.state)) {
      await updatePayment(tx, current.key, { look_at: null });
      await addStep(tx, current.key, now, 'reversal-not-reported');
      await raiseFor(ctx, tx, current, { kind: 'refund', reason: current.state });
    } else if (current.state === 'activated') {
      // Its session is long over; whether a card was charged only the terminal knows.
      await updatePayment(tx, current.key, { look_at: null, state: 'cancelled' });
      await addStep(tx, current.key, now, 'terminal-silent');
      await raiseFor(ctx, tx, current, { kind: 'charge-unknown', reason: 'terminal-silent' });
    } else {
      await updatePayment(tx, current.key, { look_at: null });
    }
  });
  ctx.changes.notify(payment.key.tenantId, 'payments');
}

/** A late payment is verified until the node calls it paid; still due after a day, it goes to a person. */
async function proveLate(ctx: PaymentsContext, payment: Payment): Promise<void> {
  const gateway = await ctx.gatewayFor(payment.key);
  const verified = await gateway.verify(payment.notice);
  await ctx.store.transaction(async (tx) => {
    const current = await getPayment(tx, payment.key);
    if (current.state !== 'confirmed-late') return;
    const now = ctx.clock.now();
    if (!verified.ok && verified.problem.class === 'NOTICE_ALREADY_PAID') {
      await updatePayment(tx, current.key, { state: 'confirmed', look_at: null });
      await addStep(tx, current.key, now, 'late-payment-proved');
      return;
    }
    if (now - (current.acknowledgedAt ?? now) >= LATE_LIMIT_MS) {
      await updatePayment(tx, current.key, { look_at: null });
      await addStep(tx, current.key, now, 'late-payment-unproved');
      await raiseFor(ctx, tx, current, { kind: 'outcome-late', reason: 'late-payment-still-due' });
      return;
    }
    const looks = current.looks + 1;
    await updatePayment(tx, current.key, { looks, look_at: now + lateLookMs(looks) });
  });
  ctx.changes.notify(payment.key.tenantId, 'payments');
}
