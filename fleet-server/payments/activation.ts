import type {
  ActivateRequest,
  ActivateResponse,
  Activation,
  VerifyResponse,
} from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import { type Cents, cents } from '@jolly/contracts/values';
import { dayOf } from '../calendar/index.ts';
import type { NoticeShown, Opened, PaymentGateway, Verified } from '../gateway/index.ts';
import { fail } from '../problems/index.ts';
import type { Transaction } from '../store/index.ts';
import { announcements, storeAnnouncement } from './announcements.ts';
import { OneAtATime, type PaymentsContext } from './context.ts';
import { type OutcomeDesk, storeOutcome } from './outcome.ts';
import { subjectsOfNotice } from './reading.ts';
import {
  addStep,
  closeCall,
  findPayment,
  getPayment,
  insertCall,
  insertPayment,
  lockOf,
  openCall,
  type Payment,
  requestOf,
  updateCall,
  updatePayment,
} from './records.ts';
import { SILENCE_GRACE_MS } from './rules.ts';
import { ACTIVATION_TRIES, FOREGROUND_MS, nextActivationAttempt } from './schedule.ts';
import type { PaymentKey } from './tables.ts';

type Answer = Opened | { readonly ok: 'unknown'; readonly reason: string };

const UNREACHABLE: ActivateResponse = {
  result: 'refused',
  problem: { class: 'NODE_UNREACHABLE', retry: 'later' },
};
const HELD: VerifyResponse = {
  result: 'refused',
  problem: { class: 'PAYMENT_ALREADY_IN_PROGRESS', faultCode: 'CHARGE_IN_QUESTION', retry: 'later' },
};
const STAMP: ActivateResponse = { result: 'refused', problem: { class: 'STAMP_NOT_SOLD', retry: 'no' } };

export interface ActivationDesk {
  verify(key: PaymentKey, notice: NoticeKey): Promise<VerifyResponse>;
  /** Repeating it gives the activation that is there; a lost answer is asked for again with the same request. */
  activate(key: PaymentKey, request: ActivateRequest): Promise<ActivateResponse>;
  /** One more try, in the background, of an activation given up in front of the citizen: a session found is cancelled. */
  chase(key: PaymentKey): Promise<void>;
  /** Ends an activation whose announcement was left open, as after a kill: no card may follow it. */
  abandon(key: PaymentKey): Promise<void>;
  idle(): Promise<void>;
}

export function activationDesk(ctx: PaymentsContext, outcomes: OutcomeDesk): ActivationDesk {
  const { store, clock } = ctx;
  const sending = new OneAtATime();
  const announcer = announcements(ctx, outcomes);

  /** Sends the stored request once and stores the answer. */
  const sendOnce = async (key: PaymentKey, gateway: PaymentGateway, mode: 'citizen' | 'chase') => {
    const row = await openCall(store, key, 'activatePaymentNoticeV2');
    if (!row) return;
    const nextAt =
      mode === 'citizen'
        ? clock.now() + FOREGROUND_MS
        : nextActivationAttempt({
            storedAt: row.stored_at,
            tokenMs: ctx.tokenMsOf(key.tenantId),
            now: clock.now(),
          });
    await updateCall(store, row, { attempts: row.attempts + 1, next_at: nextAt ?? null });
    const answer: Answer = await gateway.sendOpen(requestOf(ctx.keyring, row)).catch((error: unknown) => {
      ctx.log.error({ err: error }, 'activation could not be sent');
      return { ok: 'unknown', reason: 'failed' };
    });
    if (answer.ok === 'unknown') return;
    await store.transaction(async (tx) => {
      const open = await openCall(tx, key, 'activatePaymentNoticeV2');
      if (open?.seq !== row.seq) return;
      await closeCall(tx, row, clock.now());
      const payment = await getPayment(tx, key);
      if (answer.ok) await takeSession(ctx, tx, gateway, payment, answer, row.stored_at, mode);
      else await takeRefusal(ctx, tx, payment, answer);
    });
    ctx.changes.notify(key.tenantId, 'payments');
    void outcomes.forward(key);
  };

  const tryWhileWaiting = async (key: PaymentKey, gateway: PaymentGateway) => {
    for (let tries = 0; tries < ACTIVATION_TRIES; tries++) {
      await sendOnce(key, gateway, 'citizen');
      if (!(await openCall(store, key, 'activatePaymentNoticeV2'))) return;
    }
    await store.transaction(async (tx) => {
      const row = await openCall(tx, key, 'activatePaymentNoticeV2');
      if (!row) return;
      const next = { storedAt: row.stored_at, tokenMs: ctx.tokenMsOf(key.tenantId), now: clock.now() };
      await updateCall(tx, row, { next_at: nextActivationAttempt(next) ?? null });
      await updatePayment(tx, key, { state: 'activation-failed', fault_code: null });
      await addStep(tx, key, clock.now(), 'activation-given-up');
    });
  };

  /**
   * A card may have been charged for this notice and a person is finding out: it is not charged again, at any terminal,
   * before that person has said what happened. The node cannot know, to it the notice is payable.
   */
  const inQuestion = async (tenantId: string, notice: NoticeKey): Promise<boolean> =>
    ctx.operator.openAbout(store, {
      tenantId,
      subjects: await subjectsOfNotice(store, tenantId, notice),
      kinds: ['charge-unknown'],
    });

  return {
    async verify(key, notice) {
      const known = await findPayment(store, key);
      if (known) checkNotice(known, notice);
      if (known && known.state !== 'verified' && known.state !== 'activation-failed') {
        throw fail('PAYMENT_CLOSED');
      }
      if (await inQuestion(key.tenantId, notice)) return HELD;
      const gateway = await ctx.gatewayFor(key);
      const verified = await gateway.verify(notice);
      await store.transaction(async (tx) => {
        if (!verified.ok) {
          await raiseGlitch(ctx, tx, key.tenantId, verified.problem);
          if (known) await addStep(tx, key, clock.now(), 'verify-refused', verified.problem.class);
          return;
        }
        if (!(await findPayment(tx, key))) {
          await insertPayment(tx, key, notice, clock.now(), shownOf(verified));
        }
        await addStep(tx, key, clock.now(), 'verified', String(verified.amountCents));
      });
      ctx.changes.notify(key.tenantId, 'payments');
      if (!verified.ok) return { result: 'refused', problem: verified.problem };
      const feeCents = feeOf(gateway, verified.feeCents);
      return {
        result: 'payable',
        notice: {
          amountCents: verified.amountCents,
          feeCents,
          ...(feeCents === 0 ? {} : { pspName: gateway.psp.name }),
          description: verified.description.slice(0, 210),
          creditorTaxCode: verified.creditorTaxCode,
          creditorName: verified.creditorName.slice(0, 140),
          standIn: verified.standIn,
          ...(verified.office === undefined ? {} : { office: verified.office.slice(0, 140) }),
          ...(verified.dueDate === undefined ? {} : { dueDate: verified.dueDate }),
        },
      };
    },

    async activate(key, request) {
      const gateway = await ctx.gatewayFor(key);
      const known = await store.transaction(async (tx) => {
        const payment = await getPayment(tx, key);
        checkNotice(payment, request.notice);
        const unannounced = payment.activation && (await openCall(tx, key, 'announce'));
        if (payment.outcome || (payment.activation && !unannounced)) return answerOf(payment, request);
        if (unannounced) return undefined;
        const open = await openCall(tx, key, 'activatePaymentNoticeV2');
        if (open) {
          if (payment.askedCents !== request.amountCents) throw fail('PAYMENT_AMOUNT_DIFFERS');
          return undefined;
        }
        if (payment.state === 'cancelled') throw fail('PAYMENT_CLOSED');
        const now = clock.now();
        const prepared = gateway.prepareOpen(
          request.notice,
          request.amountCents,
          ctx.tokenMsOf(key.tenantId),
          {
            kioskPaymentId: key.kioskPaymentId,
            ...(payment.shown ? { shown: payment.shown } : {}),
          },
        );
        await insertCall(tx, ctx.keyring, key, prepared, { now, nextAt: now + FOREGROUND_MS });
        await updatePayment(tx, key, {
          state: 'activating',
          asked_cents: request.amountCents,
          problem: null,
          fault_code: null,
        });
        await addStep(tx, key, now, 'activation-stored', prepared.idempotencyKey);
        return undefined;
      });
      if (known) return known;
      await sending.run(lockOf(key), async () => {
        if (await openCall(store, key, 'activatePaymentNoticeV2')) await tryWhileWaiting(key, gateway);
        await announcer.announce(key, gateway);
      });
      return answerOf(await getPayment(store, key), request);
    },

    async chase(key) {
      const gateway = await ctx.gatewayFor(key);
      await sending.run(lockOf(key), () => sendOnce(key, gateway, 'chase'));
    },

    async abandon(key) {
      const gateway = await ctx.gatewayFor(key);
      await sending.run(lockOf(key), () => announcer.giveUp(key, gateway, 'ANNOUNCE_LEFT_OPEN'));
    },

    idle: () => sending.idle(),
  };
}

function checkNotice(payment: Payment, notice: NoticeKey): void {
  const same =
    payment.notice.noticeNumber === notice.noticeNumber &&
    payment.notice.creditorTaxCode === notice.creditorTaxCode;
  if (!same) throw fail('PAYMENT_NOTICE_DIFFERS');
}

/** What the terminal is told of an activation that was tried. */
function answerOf(payment: Payment, request: ActivateRequest): ActivateResponse {
  if (payment.askedCents !== request.amountCents && payment.askedCents !== undefined) {
    throw fail('PAYMENT_AMOUNT_DIFFERS');
  }
  const ended = payment.outcome?.outcome === 'KO' ? payment.outcome.reason : undefined;
  if (ended === 'not-sold') return STAMP;
  if (ended === 'recovered') return UNREACHABLE;
  if (payment.outcome) throw fail('PAYMENT_CLOSED');
  if (payment.activation) return { result: 'activated', activation: payment.activation };
  if (payment.problem) return { result: 'refused', problem: payment.problem };
  return UNREACHABLE;
}

async function takeRefusal(
  ctx: PaymentsContext,
  tx: Transaction,
  payment: Payment,
  answer: Extract<Opened, { ok: false }>,
): Promise<void> {
  const { problem } = answer;
  await updatePayment(tx, payment.key, {
    state: payment.outcome ? 'cancelled' : 'activation-failed',
    problem: JSON.stringify(problem),
    fault_code: problem.faultCode ?? null,
  });
  await addStep(tx, payment.key, ctx.clock.now(), 'activation-refused', problem.faultCode ?? problem.class);
  await raiseGlitch(ctx, tx, payment.key.tenantId, problem);
}

/** The node says that our own configuration is wrong: an operator must know, once a day and code. */
async function raiseGlitch(
  ctx: PaymentsContext,
  tx: Transaction,
  tenantId: string,
  problem: { readonly class: string; readonly faultCode?: string | undefined },
): Promise<void> {
  const code = problem.faultCode ?? 'unknown';
  // A creditor switched off is not our configuration (pagopa.md 4).
  if (problem.class !== 'NOTICE_GLITCH' || /DOMINIO|_PA_|^PAA_/.test(code)) return;
  const day = dayOf(ctx.clock.now(), ctx.timeZoneOf(tenantId));
  await ctx.operator.raise(tx, {
    tenantId,
    kind: 'configuration',
    subject: `gateway/${code}/${day}`,
    reason: code,
  });
}

async function takeSession(
  ctx: PaymentsContext,
  tx: Transaction,
  gateway: PaymentGateway,
  payment: Payment,
  opened: Extract<Opened, { ok: true }>,
  storedAt: number,
  mode: 'citizen' | 'chase',
): Promise<void> {
  const feeCents = feeOf(gateway, opened.suggestedUserFeeCents);
  const creditors = new Set(opened.transfers.map((transfer) => transfer.creditorTaxCode));
  const activation: Activation = {
    paymentToken: opened.paymentToken,
    iuv: opened.iuv,
    amountCents: opened.totalCents,
    feeCents,
    totalCents: cents(opened.totalCents + feeCents),
    // Counted from before the first sending: never later than the node's own instant.
    expiresAt: storedAt + ctx.tokenMsOf(payment.key.tenantId),
    description: opened.description.slice(0, 140),
    creditorTaxCode: opened.creditorTaxCode,
    creditorName: opened.creditorName.slice(0, 140),
    pspName: gateway.psp.name,
    pspTaxCode: gateway.psp.taxCode,
    beneficiaries: Math.min(5, Math.max(1, creditors.size)),
    ...(opened.office === undefined ? {} : { office: opened.office.slice(0, 140) }),
  };
  const { key } = payment;
  const unwanted = payment.outcome ?? unwantedBecause(opened, mode);
  const announce = unwanted ? undefined : gateway.announce;
  await updatePayment(tx, key, {
    state: announce ? 'activating' : 'activated',
    activation: JSON.stringify(activation),
    bundle: opened.bundle && feeCents > 0 ? JSON.stringify(opened.bundle) : null,
    problem: null,
    fault_code: null,
    look_at: activation.expiresAt + SILENCE_GRACE_MS,
  });
  await addStep(tx, key, ctx.clock.now(), 'activated', String(activation.totalCents));
  if (announce) await storeAnnouncement(ctx, tx, announce, key, activation);
  if (unwanted?.outcome === 'KO') {
    await storeOutcome(ctx, tx, gateway, { ...payment, activation }, unwanted);
  }
}

/** The citizen's fee: none where the creditor bears it, whatever the platform suggests (pagopa.md 2.1). */
function feeOf(gateway: PaymentGateway, named: Cents | undefined): Cents {
  return gateway.capabilities.fee === 'citizen' ? (named ?? cents(0)) : cents(0);
}

function shownOf(verified: Extract<Verified, { ok: true }>): NoticeShown {
  return {
    description: verified.description,
    creditorName: verified.creditorName,
    ...(verified.office === undefined ? {} : { office: verified.office }),
  };
}

/** Why a session just opened must be cancelled at once, if it must. */
function unwantedBecause(opened: Extract<Opened, { ok: true }>, mode: 'citizen' | 'chase') {
  if (opened.transfers.some((transfer) => transfer.stamp)) {
    return { outcome: 'KO', reason: 'not-sold' } as const;
  }
  return mode === 'chase' ? ({ outcome: 'KO', reason: 'recovered' } as const) : undefined;
}
