import type { PaymentFact, PaymentStatus } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { ChargeReference, ChargeResult } from '@jolly/drivers/pos';
import type { Json, Letter } from '../journal/index.ts';
import type { PaymentScreen } from './port.ts';
import type { DeskOptions } from './ports.ts';
import { readyToCharge } from './readiness.ts';
import {
  type Effect,
  type Payment,
  type PaymentEvent,
  type SagaSettings,
  type Tell,
  transition,
} from './saga/index.ts';
import { type Live, screenOf } from './screens.ts';
import { slipOf } from './slips.ts';
import { supportCode } from './support-code.ts';

/** What a run needs of the desk around it. */
export interface RunHooks {
  readonly options: DeskOptions;
  readonly limits: SagaSettings;
  /** New letters may be waiting. */
  deliver(): void;
  /** Whether another payment's charge is still unknown at the terminal. */
  unresolvedBeside(payment: Payment): boolean;
  /** A fresh payment takes this one's place before the citizen. */
  succeed(payment: Payment, keepConsent: boolean): void;
  changed(): void;
}

const LINK_TRIES = 6;
const LINK_EVERY_MS = 1_000;
const WRITE_AGAIN_MS = 2_000;
/** Facts whose loss would leave money unaccounted for: kept until the journal takes them. */
const MUST_BE_KEPT: ReadonlySet<PaymentEvent['type']> = new Set([
  'charge-ended',
  'recovered',
  'reverse-ended',
  'reversal-asked',
  'outcome-stored',
  'outcome-refused',
  'node-said',
  'print-ended',
]);

const reasonOf = (error: unknown): string => (isJollyError(error) ? error.code : 'unexpected-error');

/**
 * Runs one payment: takes events, writes the step, then acts. Invariant: no effect is performed before the step that
 * announces it is on the disk; when a step cannot be written, nothing is done and the payment halts.
 */
export class PaymentRun {
  readonly #hooks: RunHooks;
  readonly #timers = new Set<() => void>();
  #payment: Payment;
  #live: Live = { halted: false };
  #kept: PaymentEvent[] = [];
  #abort: AbortController | undefined;
  #posLines: { text: string; style: string }[] = [];
  #reversalLines: { text: string; style: string }[] = [];
  #stopped = false;

  constructor(payment: Payment, hooks: RunHooks) {
    this.#payment = payment;
    this.#hooks = hooks;
  }

  get payment(): Payment {
    return this.#payment;
  }

  get screen(): PaymentScreen {
    const { place, clock } = this.#hooks.options;
    return screenOf(this.#payment, this.#live, place, clock.now());
  }

  /** Writes the first step and begins; a flagged notice goes no further. Throws `JOURNAL_UNWRITABLE` when not even that can be written. */
  start(flagged: boolean): void {
    this.#write(this.#payment, 'opened', []);
    if (flagged)
      this.take({
        type: 'verify-refused',
        problem: { class: 'PAYMENT_ALREADY_IN_PROGRESS', retry: 'later' },
      });
    else this.#perform({ do: 'verify' });
  }

  /** An event from outside. False when it means nothing in the present state. */
  take(event: PaymentEvent): boolean {
    if (this.#stopped) return false;
    if (this.#kept.length > 0) {
      if (MUST_BE_KEPT.has(event.type)) this.#kept.push(event);
      return false;
    }
    try {
      return this.#step(event);
    } catch (error) {
      if (!isJollyError(error, 'JOURNAL_UNWRITABLE')) throw error;
      this.#halt(event);
      return false;
    }
  }

  /** The runtime goes down: nothing more is written or done. The journal has what the next start needs. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#abort?.abort();
  }

  #step(event: PaymentEvent): boolean {
    const { options, limits } = this.#hooks;
    const taken = transition(this.#payment, event, options.clock.now(), limits);
    if (!taken) return false;
    this.#write(taken.payment, event.type, taken.tell);
    this.#remember(event);
    this.#hooks.changed();
    for (const effect of taken.act) this.#perform(effect);
    if (this.#payment.closed) this.#forget();
    return true;
  }

  #write(payment: Payment, event: string, tell: readonly Tell[]): void {
    const { journal, clock } = this.#hooks.options;
    let facts = payment.facts;
    const letters = tell.map((message): Letter => {
      if ('outcome' in message)
        return { subject: payment.id, kind: 'outcome', body: toJson(message.outcome) };
      const fact: { seq: number; at: number; fact: PaymentFact } = {
        seq: facts++,
        at: clock.now(),
        fact: message.fact,
      };
      return { subject: payment.id, kind: 'facts', body: toJson({ facts: [fact] }) };
    });
    const next = facts === payment.facts ? payment : { ...payment, facts };
    journal.append({
      paymentId: next.id,
      step: next.state,
      event,
      data: toJson(next),
      closed: next.closed,
      letters,
    });
    this.#payment = next;
  }

  /** Texts stay in memory: they go with the session. */
  #remember(event: PaymentEvent): void {
    if (event.type === 'verified') this.#live = { ...this.#live, verified: event.notice };
    if (event.type === 'activated') this.#live = { ...this.#live, activation: event.activation };
  }

  #forget(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#hooks.changed();
  }

  /** The disk refuses: results are kept until it takes them, what was only wished is dropped. */
  #halt(event: PaymentEvent): void {
    this.#hooks.options.log('payment-halted', { state: this.#payment.state, event: event.type });
    this.#kept.push(MUST_BE_KEPT.has(event.type) ? event : { type: 'leave', reason: 'idle' });
    this.#live = { ...this.#live, halted: true };
    this.#hooks.changed();
    this.#after(WRITE_AGAIN_MS, () => this.#writeAgain());
  }

  #writeAgain(): void {
    const waiting = this.#kept;
    this.#kept = [];
    this.#live = { ...this.#live, halted: false };
    for (const [at, event] of waiting.entries()) {
      try {
        this.#step(event);
      } catch (error) {
        if (!isJollyError(error, 'JOURNAL_UNWRITABLE')) throw error;
        this.#kept = waiting.slice(at);
        this.#live = { ...this.#live, halted: true };
        this.#after(WRITE_AGAIN_MS, () => this.#writeAgain());
        break;
      }
    }
    this.#hooks.changed();
  }

  #after(ms: number, task: () => void): void {
    const cancel = this.#hooks.options.clock.after(ms, () => {
      this.#timers.delete(cancel);
      if (!this.#stopped) task();
    });
    this.#timers.add(cancel);
  }

  /** Starts an act; its answer comes back as an event. Nothing here may throw into the caller. */
  #perform(effect: Effect): void {
    const { clock } = this.#hooks.options;
    switch (effect.do) {
      case 'wake':
        this.#after(Math.max(0, effect.at - clock.now()), () => this.take({ type: effect.event }));
        return;
      case 'deliver':
        this.#hooks.deliver();
        return;
      case 'abort-card':
        this.#abort?.abort();
        return;
      case 'succeed':
        this.#hooks.succeed(this.#payment, effect.keepConsent);
        return;
      case 'activate':
      case 'ask-pos':
      case 'ask-node':
        if (effect.afterMs > 0) this.#after(effect.afterMs, () => void this.#act(effect));
        else void this.#act(effect);
        return;
      default:
        void this.#act(effect);
    }
  }

  async #act(effect: Effect): Promise<void> {
    try {
      await this.#answer(effect);
    } catch (error) {
      if (this.#stopped) return;
      this.#hooks.options.log('payment-act-failed', { act: effect.do, reason: reasonOf(error) });
      throw error;
    }
  }

  #answer(effect: Effect): Promise<unknown> {
    switch (effect.do) {
      case 'verify':
        return this.#verify();
      case 'activate':
        return this.#activate();
      case 'check':
        return this.#check();
      case 'charge':
        return this.#charge();
      case 'ask-pos':
        return this.#askPos();
      case 'reverse':
        return this.#reverse();
      case 'ask-reversal':
        return this.#askReversal();
      case 'ask-node':
        return this.#askNode();
      case 'print':
        return this.#print(effect);
      case 'link':
        return this.#link();
      default:
        return Promise.resolve();
    }
  }

  async #verify(): Promise<void> {
    const { id, notice } = this.#payment;
    try {
      const answer = await this.#hooks.options.fleet.verify({ kioskPaymentId: id, notice });
      this.take(
        answer.result === 'payable'
          ? { type: 'verified', notice: answer.notice }
          : { type: 'verify-refused', problem: answer.problem },
      );
    } catch (error) {
      this.take(
        isJollyError(error, 'SERVER_REFUSED')
          ? { type: 'verify-refused', problem: { class: 'UNEXPECTED_ERROR', retry: 'no' } }
          : { type: 'server-silent' },
      );
    }
  }

  async #activate(): Promise<void> {
    const { fleet } = this.#hooks.options;
    const { id, notice, verified } = this.#payment;
    if (!verified) return;
    try {
      const answer = await fleet.activate(id, { notice, amountCents: verified.amountCents });
      if (answer.result === 'refused') this.take({ type: 'activate-refused', problem: answer.problem });
      else {
        // The token's end on this terminal's clock: with the skew known, 120 s left are 120 s left.
        const expiresAt = answer.activation.expiresAt + (fleet.clockSkewMs ?? 0);
        this.take({ type: 'activated', activation: { ...answer.activation, expiresAt } });
      }
    } catch (error) {
      this.take(
        isJollyError(error, 'SERVER_REFUSED')
          ? { type: 'activate-refused', problem: { class: 'UNEXPECTED_ERROR', retry: 'no' } }
          : { type: 'server-silent' },
      );
    }
  }

  async #check(): Promise<void> {
    const { options, limits, unresolvedBeside } = this.#hooks;
    try {
      const checked = await readyToCharge(
        options,
        this.#payment,
        limits.minTokenMs,
        unresolvedBeside(this.#payment),
      );
      this.take(checked.ready ? { ...checked, type: 'ready' } : { ...checked, type: 'not-ready' });
    } catch (error) {
      this.take({ type: 'not-ready', why: 'pos-unavailable', detail: reasonOf(error) });
    }
  }

  #reference(): ChargeReference {
    const { id, lock, charge } = this.#payment;
    if (!lock || !charge) throw new Error('a charge without lock: the statechart is wrong');
    return {
      kioskPaymentId: id,
      amountCents: lock.totalCents,
      lastStan: charge.lastStan,
      startedAt: charge.startedAt,
    };
  }

  /** Throws when the step cannot be written: then the driver sends nothing. */
  #beforeMoney(event: PaymentEvent): () => void {
    return () => {
      if (this.#stopped) throw new Error('the runtime is going down');
      if (!this.#step(event)) throw new Error(`no money may move in ${this.#payment.state}`);
    };
  }

  async #charge(): Promise<void> {
    const { pos } = this.#hooks.options;
    this.#abort = new AbortController();
    this.#posLines = [];
    const events = {
      progress: (text: string) => this.#say(text),
      receiptLine: (line: { style: string; text: string }) => void this.#posLines.push(line),
    };
    const result = await this.#moneyAct('CHARGING', () =>
      pos.charge(this.#reference(), events, {
        beforeMoney: this.#beforeMoney({ type: 'card-started' }),
        signal: this.#abort?.signal as AbortSignal,
      }),
    );
    this.#say(undefined);
    this.take({ type: 'charge-ended', result });
  }

  async #reverse(): Promise<void> {
    const { card } = this.#payment;
    if (!card) return;
    const events = {
      progress: (text: string) => this.#say(text),
      receiptLine: (line: { style: string; text: string }) => void this.#reversalLines.push(line),
    };
    const result = await this.#moneyAct('REVERSING', () =>
      this.#hooks.options.pos.reverse(card, events, {
        beforeMoney: this.#beforeMoney({ type: 'reverse-started' }),
      }),
    );
    this.#say(undefined);
    this.take({ type: 'reverse-ended', result });
  }

  /** A driver that breaks its promise and throws: uncertain once money could move, not started before. */
  async #moneyAct(moving: Payment['state'], act: () => Promise<ChargeResult>): Promise<ChargeResult> {
    try {
      return await act();
    } catch (error) {
      const reason = reasonOf(error);
      return this.#payment.state === moving
        ? { outcome: 'uncertain', reason }
        : { outcome: 'not-started', reason };
    }
  }

  #say(posText: string | undefined): void {
    if (this.#stopped) return;
    const { posText: _, ...rest } = this.#live;
    this.#live = posText === undefined ? rest : { ...rest, posText };
    this.#hooks.changed();
  }

  async #askPos(): Promise<void> {
    try {
      this.take({ type: 'recovered', verdict: await this.#hooks.options.pos.recover(this.#reference()) });
    } catch (error) {
      this.take({ type: 'recovered', verdict: { verdict: 'unreachable', reason: reasonOf(error) } });
    }
  }

  async #askReversal(): Promise<void> {
    try {
      this.take({ type: 'reversal-asked', found: await this.#hooks.options.pos.lastTransaction() });
    } catch (error) {
      this.take({ type: 'reversal-asked', found: { found: 'unreachable', reason: reasonOf(error) } });
    }
  }

  /** Asks again and again while the citizen is there; only a new word of the node is a step. */
  async #askNode(): Promise<void> {
    const { state, gone, late } = this.#payment;
    if (gone || (state !== 'CONFIRMING' && state !== 'CHARGED')) return;
    let status: PaymentStatus | undefined;
    try {
      status = await this.#hooks.options.fleet.status(this.#payment.id);
    } catch (error) {
      this.#hooks.options.log('payment-status-unknown', { reason: reasonOf(error) });
    }
    if (status && status.state !== this.#payment.node?.state) this.take({ type: 'node-said', status });
    else
      this.#after(
        this.#hooks.limits.askNodeEveryMs * (late ? 4 : 1),
        () => void this.#act({ do: 'ask-node', afterMs: 0 }),
      );
  }

  async #print(effect: Extract<Effect, { do: 'print' }>): Promise<void> {
    const { options } = this.#hooks;
    const payment = this.#payment;
    const document = slipOf(effect.slip, effect.duplicate, {
      payment,
      activation: this.#live.activation,
      place: options.place,
      supportCode: supportCode(
        options.place.terminalId,
        payment.openedAt,
        options.place.timeZone,
        payment.id,
      ),
      now: options.clock.now(),
      posLines: effect.slip === 'reversal' ? this.#reversalLines : this.#posLines,
      language: options.language?.() ?? 'it',
      receiptUrl: this.#live.receipt?.url,
    });
    try {
      const result = document
        ? await options.printer.print(document)
        : ({ result: 'failed', reason: 'fault' } as const);
      this.take({ type: 'print-ended', slip: effect.slip, result });
    } catch (error) {
      this.take({
        type: 'print-ended',
        slip: effect.slip,
        result: { result: 'unknown', reason: reasonOf(error) },
      });
    }
  }

  async #link(tries = 0): Promise<void> {
    if (this.#payment.gone || this.#payment.closed || this.#live.receipt) return;
    try {
      const receipt = await this.#hooks.options.fleet.receiptLink(this.#payment.id);
      if (this.#stopped) return;
      this.#live = { ...this.#live, receipt };
      this.take({ type: 'link-shown' });
      this.#hooks.changed();
    } catch (error) {
      this.#hooks.options.log('receipt-link-failed', { reason: reasonOf(error) });
      if (tries < LINK_TRIES) this.#after(LINK_EVERY_MS, () => void this.#link(tries + 1));
    }
  }
}

/** Plain data to JSON: drops undefined, keeps the rest as it is. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
