import type { CardEvidence } from '@jolly/contracts/fleet-api';
import type { DeviceHealth, SelfTestStep } from '../../health/index.ts';
import type { DriverContext } from '../../registry/index.ts';
import { messageRecorder } from '../../transport/index.ts';
import { posError } from '../errors.ts';
import { HealthKeeper } from '../health-keeper.ts';
import type {
  CardTerminal,
  CardTerminalEvents,
  ChargeReference,
  ChargeResult,
  LastTransaction,
  PosTotals,
  RecoveryVerdict,
} from '../port.ts';
import {
  customerLines,
  diagnosisRequest,
  loginRequest,
  type NexoRequest,
  nexoMask,
  type Parties,
  type PaymentReceipt,
  paymentRequest,
  reconciliationRequest,
  reversalRequest,
  type SaleToPOIResponse,
  statusRequest,
  type TotalsResponse,
  totalsRequest,
} from './codec/index.ts';
import type { Dial } from './line.ts';
import { Messenger } from './messenger.ts';
import type { Seal } from './seal.ts';
import { chargeServiceId, reversalServiceId } from './service-id.ts';
import type { NexoSettings } from './settings.ts';
import { judgePayment, judgeReversal, judgeStatus, type Known, lastOf, totalsOf } from './verdict.ts';

/** While the terminal does not answer it is asked more often than when it does. */
const RECHECK_MS = 5_000;
/** Eight digits of cents, as every till of the country has them. */
const MOST_CENTS = 99_999_999;

/**
 * A nexo Retailer terminal (Terminal API, JSON) as a `CardTerminal` (pos.md 3).
 * Invariants: one call at a time; a payment or reversal is written at most once per call, on a connection that is already open,
 * directly after `beforeMoney()`; whatever breaks after that is `uncertain` and never written again. Its ServiceID is made from what
 * the journal holds, so `recover` finds it after a crash. A signal after that moment sends an abort, which is only an event: the
 * payment's own answer decides.
 */
export class NexoTerminal implements CardTerminal {
  readonly uri: string;
  readonly drivenBy = 'kiosk';
  readonly #settings: NexoSettings;
  readonly #context: DriverContext;
  readonly #parties: Parties;
  readonly #messenger: Messenger;
  readonly #health: HealthKeeper;
  #busy = false;
  #closed = false;
  #probing: Promise<void> | undefined;
  #cancelProbe: (() => void) | undefined;

  constructor(
    uri: string,
    settings: NexoSettings,
    context: DriverContext,
    link: { readonly dial: Dial; readonly seal?: Seal | undefined },
  ) {
    this.uri = uri;
    this.#settings = settings;
    this.#context = context;
    this.#parties = { saleId: settings.saleId, poiId: settings.poiId };
    this.#messenger = new Messenger(
      settings,
      context.clock,
      link,
      messageRecorder(context.record, uri, nexoMask),
    );
    this.#health = new HealthKeeper(context.clock, () => ({ ...this.#messenger.counters }));
    this.#planProbe(0);
  }

  get terminalId(): string {
    return this.#settings.poiId.slice(-20);
  }

  health(): DeviceHealth {
    return this.#health.current();
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#health.onChange(listener);
  }

  status(): Promise<{ readonly operative: boolean; readonly detail: string }> {
    return this.#exclusive(() => this.#status());
  }

  charge(
    reference: ChargeReference,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void; readonly signal?: AbortSignal },
  ): Promise<ChargeResult> {
    const { signal } = options;
    const { amountCents } = reference;
    return this.#exclusive(async () => {
      const cancelled: ChargeResult = { outcome: 'cancelled', reason: 'before-sending' };
      if (signal?.aborted) return cancelled;
      if (amountCents < 1 || amountCents > MOST_CENTS)
        return { outcome: 'not-started', reason: 'amount-out-of-range' };
      const line = await this.#messenger.open();
      if (typeof line === 'string') return { outcome: 'not-started', reason: line };
      if (signal?.aborted) {
        line.close();
        return cancelled;
      }
      const serviceId = chargeServiceId(reference);
      const message = paymentRequest(this.#parties, serviceId, {
        amountCents,
        saleReference: reference.kioskPaymentId.replaceAll('-', ''),
        at: reference.startedAt,
      });
      const abort = (): void => void this.#messenger.abort(serviceId);
      const heard = await this.#messenger.money(line, message, options.beforeMoney, (sent) =>
        signal?.addEventListener('abort', abort, { once: true, signal: sent }),
      );
      if (!heard.ok) {
        if (heard.refused) return { outcome: 'not-started', reason: heard.reason };
        // Nobody waits for this card any more.
        if (heard.reason === 'silent') await this.#messenger.abort(serviceId);
        return { outcome: 'uncertain', reason: heard.reason };
      }
      const { PaymentResponse: answer } = heard.response;
      if (!answer) return { outcome: 'uncertain', reason: 'no-result' };
      hand(answer.PaymentReceipt, events);
      return judgePayment(answer, this.#known(amountCents));
    });
  }

  reverse(
    card: CardEvidence,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void },
  ): Promise<ChargeResult> {
    return this.#exclusive(async () => {
      const { posReference } = card;
      if (!posReference) return { outcome: 'not-started', reason: 'no-reference' };
      const line = await this.#messenger.open();
      if (typeof line === 'string') return { outcome: 'not-started', reason: line };
      const message = reversalRequest(this.#parties, reversalServiceId(posReference), {
        reference: posReference,
        at: card.chargedAt,
      });
      const heard = await this.#messenger.money(line, message, options.beforeMoney);
      if (!heard.ok) return { outcome: heard.refused ? 'not-started' : 'uncertain', reason: heard.reason };
      const { ReversalResponse: answer } = heard.response;
      if (!answer) return { outcome: 'uncertain', reason: 'no-result' };
      hand(answer.PaymentReceipt, events);
      return judgeReversal(answer, card, this.#known(card.amountCents));
    });
  }

  lastTransaction(): Promise<LastTransaction> {
    return this.#exclusive(async () => {
      if (!this.#settings.tellsLast) return { found: 'none' };
      const heard = await this.#messenger.ask(statusRequest(this.#parties, this.#messenger.question()));
      if (!heard.ok)
        return heard.refused ? { found: 'none' } : { found: 'unreachable', reason: heard.reason };
      const { TransactionStatusResponse: answer } = heard.response;
      return answer ? lastOf(answer, this.#known(0)) : { found: 'none' };
    });
  }

  recover(reference: ChargeReference): Promise<RecoveryVerdict> {
    return this.#exclusive(async () => {
      const serviceId = chargeServiceId(reference);
      const heard = await this.#messenger.ask(
        statusRequest(this.#parties, this.#messenger.question(), { category: 'Payment', serviceId }),
      );
      if (!heard.ok) return { verdict: heard.refused ? 'undecidable' : 'unreachable', reason: heard.reason };
      const { TransactionStatusResponse: answer } = heard.response;
      if (!answer) return { verdict: 'undecidable', reason: 'no-status' };
      const verdict = judgeStatus(answer, reference, {
        ...this.#known(reference.amountCents),
        settleMs: this.#settings.settleMs,
      });
      // It still waits for a card that nobody asked for any more: sooner decided, sooner free.
      if (verdict.verdict === 'unreachable' && verdict.reason === 'in-progress')
        await this.#messenger.abort(serviceId);
      return verdict;
    });
  }

  totals(): Promise<PosTotals> {
    return this.#figures('totals', totalsRequest, ({ GetTotalsResponse }) => GetTotalsResponse);
  }

  closeSession(): Promise<PosTotals> {
    return this.#figures(
      'close',
      reconciliationRequest,
      ({ ReconciliationResponse }) => ReconciliationResponse,
    );
  }

  selfTest(): Promise<readonly SelfTestStep[]> {
    return this.#exclusive(async () => {
      const { clock } = this.#context;
      const steps: SelfTestStep[] = [];
      const from = clock.monotonic();
      const line = await this.#messenger.open();
      const durationMs = Math.round(clock.monotonic() - from);
      if (typeof line === 'string') {
        const cure = 'check power, network and address; check the certificate named in ca= and name=';
        return [{ name: 'link', ok: false, durationMs, detail: line, cure }];
      }
      line.close();
      steps.push({ name: 'link', ok: true, durationMs });
      const asked = clock.monotonic();
      const { operative, detail } = await this.#status();
      steps.push({
        name: 'diagnosis',
        ok: operative,
        durationMs: Math.round(clock.monotonic() - asked),
        detail,
        ...(!operative && {
          cure: 'check sale= and poi=, the key of the messages, and the terminal’s own screen',
        }),
      });
      return steps;
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#cancelProbe?.();
    this.#messenger.close();
    return Promise.resolve();
  }

  #known(amountCents: number): Known {
    return { poiId: this.#parties.poiId, amountCents, now: this.#context.clock.now() };
  }

  /** One call at a time; the harmless question in the background is waited for, not refused. */
  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw posError('POS_BUSY', { uri: this.uri });
    if (this.#closed) throw posError('POS_UNREACHABLE', { uri: this.uri, reason: 'closed' });
    this.#busy = true;
    this.#cancelProbe?.();
    this.#health.busy(true);
    try {
      await this.#probing;
      return await work();
    } finally {
      this.#busy = false;
      this.#health.busy(false);
      this.#planNext();
    }
  }

  /** Asks for the terminal's state, signing on first where it wants that. */
  async #status(): Promise<{ readonly operative: boolean; readonly detail: string }> {
    let answer = await this.#diagnose();
    if (answer === 'LoggedOut') {
      const { clock } = this.#context;
      await this.#messenger.ask(loginRequest(this.#parties, this.#messenger.question(), clock.now()));
      answer = await this.#diagnose();
    }
    this.#health.answered(answer);
    return answer === undefined ? { operative: true, detail: 'ok' } : { operative: false, detail: answer };
  }

  /** Undefined: it can take payments. */
  async #diagnose(): Promise<string | undefined> {
    const heard = await this.#messenger.ask(diagnosisRequest(this.#parties, this.#messenger.question()));
    if (!heard.ok) return heard.reason;
    const { DiagnosisResponse: answer } = heard.response;
    if (!answer) return 'no-diagnosis';
    if (answer.Response.Result === 'Failure') return answer.Response.ErrorCondition ?? 'failure';
    const state = answer.POIStatus?.GlobalStatus ?? 'OK';
    if (state !== 'OK') return `not-operative:${state}`;
    const hosts = answer.HostStatus ?? [];
    return hosts.length > 0 && hosts.every(({ IsReachableFlag }) => IsReachableFlag === false)
      ? 'host-unreachable'
      : undefined;
  }

  #figures(
    command: string,
    make: (parties: Parties, serviceId: string) => NexoRequest,
    pick: (response: SaleToPOIResponse) => TotalsResponse | undefined,
  ): Promise<PosTotals> {
    return this.#exclusive(async () => {
      const heard = await this.#messenger.ask(make(this.#parties, this.#messenger.question()));
      if (!heard.ok)
        throw posError(heard.refused ? 'POS_REFUSED' : 'POS_UNREACHABLE', { command, reason: heard.reason });
      const answer = pick(heard.response);
      const figures = answer && answer.Response.Result !== 'Failure' ? totalsOf(answer) : undefined;
      if (!figures)
        throw posError('POS_REFUSED', { command, reason: answer?.Response.ErrorCondition ?? 'not-told' });
      return figures;
    });
  }

  #planNext(): void {
    if (this.#closed || this.#busy) return;
    if (!this.#health.proven) this.#planProbe(RECHECK_MS);
    else if (this.#settings.probeMs > 0) this.#planProbe(this.#settings.probeMs);
  }

  /** Asks how it is while nothing runs: that the terminal answers is known before a citizen needs it. */
  #planProbe(ms: number): void {
    this.#cancelProbe?.();
    this.#cancelProbe = this.#context.clock.after(ms, () => {
      this.#cancelProbe = undefined;
      if (this.#busy || this.#closed || this.#probing) return;
      this.#probing = this.#status()
        .then(() => undefined)
        .finally(() => {
          this.#probing = undefined;
          this.#planNext();
        });
    });
  }
}

function hand(receipts: readonly PaymentReceipt[] | undefined, events: CardTerminalEvents): void {
  for (const line of customerLines(receipts)) events.receiptLine?.(line);
}
