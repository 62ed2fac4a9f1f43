import type { PaymentFact } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { Json, Letter } from '../journal/index.ts';
import { Acts } from './acts.ts';
import type { PaymentScreen } from './port.ts';
import type { RunHooks } from './ports.ts';
import { type Effect, type Payment, type PaymentEvent, type Tell, transition } from './saga/index.ts';
import { type Live, screenOf } from './screens.ts';

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
  #stopped = false;
  readonly #acts: Acts;

  constructor(payment: Payment, hooks: RunHooks) {
    this.#payment = payment;
    this.#hooks = hooks;
    const run = this;
    this.#acts = new Acts(hooks, {
      get payment() {
        return run.#payment;
      },
      get live() {
        return run.#live;
      },
      get stopped() {
        return run.#stopped;
      },
      take: (event) => this.take(event),
      step: (event) => this.#step(event),
      show: (live) => {
        this.#live = live;
      },
      after: (ms, task) => this.#after(ms, task),
    });
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
    this.#acts.abort();
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
        this.#acts.abort();
        return;
      case 'succeed':
        this.#hooks.succeed(this.#payment, effect.keepConsent);
        return;
      case 'activate':
      case 'ask-pos':
      case 'ask-node':
        if (effect.afterMs > 0) this.#after(effect.afterMs, () => void this.#acts.perform(effect));
        else void this.#acts.perform(effect);
        return;
      default:
        void this.#acts.perform(effect);
    }
  }
}

/** Plain data to JSON: drops undefined, keeps the rest as it is. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
