import type { AuthorisationRequest, AuthorisationResponse } from '@jolly/contracts/fleet-api';
import type { CardDriver } from '../gateway/index.ts';
import { fail } from '../problems/index.ts';
import {
  type AuthorisationRow,
  byAttempt,
  bySession,
  insertRow,
  inTheWay,
  keyOf,
  notStarted,
  responseOf,
  rowsOf,
  updateRow,
} from './authorisation-records.ts';
import { type Callback, takeCardWord } from './card-words.ts';
import { OneAtATime, type PaymentsContext, raiseFor } from './context.ts';
import { addStep, closeCall, getPayment, insertCall, lockOf, openCall, requestOf } from './records.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

/** Asks a gateway for the card and keeps what came of it (pagopa.md 6.1). */
export interface AuthorisationDesk {
  /**
   * Asks for the card, once an attempt: repeated it only tells how that one stands. While another is open or has charged,
   * no card is asked for and that one's state is told.
   */
  ask(key: PaymentKey, request: AuthorisationRequest): Promise<AuthorisationResponse>;
  /** `none` for an attempt that was never begun. */
  read(key: PaymentKey, attempt: number): Promise<AuthorisationResponse>;
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
      const rows = await rowsOf(tx, key);
      if (payment.outcome || byAttempt(rows, request.attempt) || inTheWay(rows)) return undefined;
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
        seq: rows.length,
        session_id: sessionId,
        pos_terminal_id: request.posTerminalId,
        amount_cents: request.amountCents,
        attempt: request.attempt,
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
      const row = await bySession(tx, key.tenantId, begun.idempotency_key);
      if (row?.state !== 'waiting') return;
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
      const known = await rowsOf(store, key);
      let refused: AuthorisationResponse | undefined;
      if (!byAttempt(known, request.attempt) && !inTheWay(known)) {
        await asking.run(lockOf(key), async () => {
          refused = await start(key, request, driver);
        });
      }
      ctx.changes.notify(key.tenantId, 'payments');
      const rows = await rowsOf(store, key);
      return refused ?? responseOf(byAttempt(rows, request.attempt) ?? inTheWay(rows));
    },

    async read(key, attempt) {
      await getPayment(store, key);
      return responseOf(byAttempt(await rowsOf(store, key), attempt));
    },

    async takeCallback(tenantId, said) {
      const known = await store.transaction((tx) => takeCardWord(ctx, tx, tenantId, said));
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
