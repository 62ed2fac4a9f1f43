import type { AuthorisationRequest, AuthorisationResponse } from '@jolly/contracts/fleet-api';
import type { CallbackRead, CardDriver } from '../gateway/index.ts';
import { fail } from '../problems/index.ts';
import {
  type AuthorisationRow,
  bySession,
  insertRow,
  keyOf,
  lastOf,
  mayAskAgain,
  notStarted,
  responseOf,
  updateRow,
} from './authorisation-records.ts';
import { OneAtATime, type PaymentsContext, raiseFor } from './context.ts';
import {
  addStep,
  closeCall,
  getPayment,
  insertCall,
  lockOf,
  openCall,
  requestOf,
  subjectOf,
  updatePayment,
} from './records.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

type Callback = Extract<CallbackRead, { ok: true }>;

/** Asks a gateway for the card and keeps what came of it (pagopa.md 6.1). */
export interface AuthorisationDesk {
  /** Asks for the card, once: repeated while nobody knows what came of it, it only tells how the card stands. */
  ask(key: PaymentKey, request: AuthorisationRequest): Promise<AuthorisationResponse>;
  read(key: PaymentKey): Promise<AuthorisationResponse>;
  /** The platform's word; false when no session of the tenant is meant. A repetition changes nothing. */
  takeCallback(tenantId: string, said: Callback): Promise<boolean>;
  /** Asks after every card whose time to ask has come. */
  lookDue(): Promise<void>;
  idle(): Promise<void>;
}

export function authorisationDesk(ctx: PaymentsContext): AuthorisationDesk {
  const { store, clock } = ctx;
  const asking = new OneAtATime();

  const driverOf = async (key: PaymentKey): Promise<CardDriver> => {
    const { card } = await ctx.gatewayFor(key);
    if (!card) throw fail('CARD_NOT_OURS');
    return card;
  };

  const start = async (key: PaymentKey, request: AuthorisationRequest, driver: CardDriver) => {
    const session = await driver.openSession(key.kioskPaymentId);
    if (!session.ok) return notStarted(session.reason);
    const terminal = session.terminals.find(({ id }) => id === request.posTerminalId);
    // Terminals are only listed by some PSPs: one that is not named is tried, one that is busy is not.
    if (terminal && !terminal.available) return notStarted('TERMINAL_UNAVAILABLE');
    const begun = await store.transaction(async (tx) => {
      const payment = await getPayment(tx, key);
      const last = await lastOf(tx, key);
      if (payment.outcome || (last && !mayAskAgain(last))) return undefined;
      const now = clock.now();
      const { sessionId } = session;
      const prepared = driver.prepareAuthorisation({
        kioskPaymentId: key.kioskPaymentId,
        sessionId,
        posTerminalId: request.posTerminalId,
        notice: payment.notice,
      });
      // Nobody sends it again: a lost answer is found out from the session.
      await insertCall(tx, ctx.keyring, key, prepared, { now, nextAt: null });
      await insertRow(tx, key, {
        seq: (last?.seq ?? -1) + 1,
        session_id: sessionId,
        pos_terminal_id: request.posTerminalId,
        amount_cents: request.amountCents,
        asked_at: now,
        look_at: now + driver.askEveryMs,
      });
      await addStep(tx, key, now, 'card-asked', sessionId);
      return openCall(tx, key, 'authorise');
    });
    if (!begun) return undefined;
    const answer = await driver.sendAuthorisation(requestOf(ctx.keyring, begun)).catch((error: unknown) => {
      ctx.log.error({ err: error }, 'authorisation could not be sent');
      return { ok: 'unknown', reason: 'failed' } as const;
    });
    await store.transaction(async (tx) => {
      await closeCall(tx, begun, clock.now());
      const row = await lastOf(tx, key);
      if (row?.session_id !== begun.idempotency_key || row.state !== 'waiting') return;
      if (answer.ok === false) {
        await updateRow(tx, row, { state: 'not-started', reason: answer.reason, look_at: null });
        await addStep(tx, key, clock.now(), 'card-not-asked', answer.reason);
      } else if (answer.ok === 'unknown') {
        await addStep(tx, key, clock.now(), 'card-asked-unanswered', answer.reason);
      } else if (answer.amountCents !== request.amountCents) {
        // The card is being asked for another amount than the citizen agreed to, and nothing can stop it here.
        await addStep(tx, key, clock.now(), 'card-asked-another-amount', String(answer.amountCents));
      }
    });
    return undefined;
  };

  const lookAt = async (row: AuthorisationRow) => {
    const key = keyOf(row);
    const driver = await driverOf(key);
    const state = await driver.askSession({
      sessionId: row.session_id,
      kioskPaymentId: row.kiosk_payment_id,
    });
    await store.transaction(async (tx) => {
      const current = await bySession(tx, row.tenant_id, row.session_id);
      if (current?.state !== 'waiting') return;
      const now = clock.now();
      const late = now >= current.asked_at + driver.waitMs;
      if (state === 'failed') {
        await updateRow(tx, current, { state: 'declined', reason: 'SESSION_ERROR', look_at: null });
        await addStep(tx, key, now, 'card-session-failed');
        return;
      }
      // Done, but its callback did not come: whether the card was charged only the PSP can say.
      const untold = state === 'done' && now >= current.asked_at + 2 * driver.askEveryMs;
      if (!late && !untold) {
        await updateRow(tx, current, { look_at: now + driver.askEveryMs });
        return;
      }
      const reason = untold ? 'CALLBACK_MISSING' : `SESSION_${state.toUpperCase()}`;
      await updateRow(tx, current, { state: 'unknown', reason, look_at: null });
      await addStep(tx, key, now, 'card-unknown', reason);
      const payment = await getPayment(tx, key);
      await raiseFor(ctx, tx, payment, {
        kind: 'charge-unknown',
        reason: `gateway-card-${reason.toLowerCase().replaceAll('_', '-')}`,
        amountCents: current.amount_cents,
      });
    });
    ctx.changes.notify(row.tenant_id, 'payments');
  };

  return {
    async ask(key, request) {
      const driver = await driverOf(key);
      const payment = await getPayment(store, key);
      if (!payment.activation) throw fail('PAYMENT_NOT_ACTIVATED');
      if (payment.activation.totalCents !== request.amountCents) throw fail('PAYMENT_AMOUNT_DIFFERS');
      if (payment.outcome) throw fail('PAYMENT_CLOSED');
      const last = await lastOf(store, key);
      let refused: AuthorisationResponse | undefined;
      if (!last || mayAskAgain(last)) {
        await asking.run(lockOf(key), async () => {
          refused = await start(key, request, driver);
        });
      }
      ctx.changes.notify(key.tenantId, 'payments');
      return refused ?? responseOf(await lastOf(store, key));
    },

    async read(key) {
      await getPayment(store, key);
      return responseOf(await lastOf(store, key));
    },

    async takeCallback(tenantId, said) {
      const known = await store.transaction(async (tx) => {
        const row = await bySession(tx, tenantId, said.sessionId);
        if (row?.pos_terminal_id !== said.posTerminalId) return false;
        if (row.told_at !== null) return true;
        const now = clock.now();
        const key = keyOf(row);
        const payment = await getPayment(tx, key);
        const { outcome } = said;
        const approved = outcome.kind === 'approved';
        await updateRow(tx, row, {
          state: outcome.kind,
          reason: approved ? null : outcome.reason,
          card: approved ? JSON.stringify(outcome.card) : null,
          look_at: null,
          told_at: now,
        });
        await addStep(tx, key, now, `card-${outcome.kind}`, approved ? undefined : outcome.reason);
        const settled = { tenantId, subject: subjectOf(key), kinds: ['charge-unknown'] };
        await ctx.operator.settle(tx, settled, `gateway-${outcome.kind}`);
        if (!approved) return true;
        if (payment.outcome?.outcome === 'KO') {
          // The terminal had given up: the notice is paid, and the citizen has no receipt.
          await updatePayment(tx, key, {
            card: JSON.stringify(outcome.card),
            charged_at: outcome.card.chargedAt,
          });
          await raiseFor(ctx, tx, payment, { kind: 'outcome-rejected', reason: 'charged-after-cancel' });
        }
        if (said.amountCents !== row.amount_cents) {
          await raiseFor(ctx, tx, payment, {
            kind: 'refund',
            reason: 'charged-another-amount',
            amountCents: said.amountCents,
          });
        }
        return true;
      });
      if (known) ctx.changes.notify(tenantId, 'payments');
      return known;
    },

    async lookDue() {
      const rows = await store
        .of<PaymentTables>()
        .selectFrom('authorisation')
        .selectAll()
        .where('look_at', '<=', clock.now())
        .orderBy('look_at')
        .limit(16)
        .execute();
      await Promise.all(
        rows.map((row) => asking.run(`${row.tenant_id}/session/${row.session_id}`, () => lookAt(row))),
      );
    },

    idle: () => asking.idle(),
  };
}
