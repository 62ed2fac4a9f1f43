import type { Clock } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState } from '../health/index.ts';

/** Puts together what is known of a terminal: its link, its last answer, whether it serves a call. */
export class HealthKeeper {
  readonly #clock: Clock;
  readonly #counters: () => Readonly<Record<string, number>>;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;
  #busy = false;
  #linkReason: string | undefined;
  #answerReason: string | undefined;
  #everAnswered = false;

  constructor(clock: Clock, counters: () => Readonly<Record<string, number>>) {
    this.#clock = clock;
    this.#counters = counters;
    this.#since = clock.now();
  }

  current(): DeviceHealth {
    return { state: this.#state, reasons: this.#reasons, since: this.#since, counters: this.#counters() };
  }

  onChange(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The terminal answered since the link came up, and can take payments. */
  get proven(): boolean {
    return this.#everAnswered && !this.#answerReason && !this.#linkReason;
  }

  busy(busy: boolean): void {
    this.#busy = busy;
    this.#refresh();
  }

  /** Undefined: the link is open. */
  link(reason: string | undefined): void {
    this.#linkReason = reason;
    // After a loss readiness is proved anew, by an answer.
    if (reason) this.#everAnswered = false;
    this.#refresh();
  }

  /** Undefined: the terminal answered and can take payments. */
  answered(reason: string | undefined): void {
    this.#answerReason = reason;
    this.#everAnswered = true;
    this.#refresh();
  }

  #refresh(): void {
    const [state, reasons] = this.#judge();
    if (state === this.#state && reasons.join() === this.#reasons.join()) return;
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#reasons = reasons;
    const health = this.current();
    for (const listener of [...this.#listeners]) listener(health);
  }

  #judge(): readonly [DeviceState, readonly string[]] {
    if (this.#linkReason) return ['unavailable', [`link-down:${this.#linkReason}`]];
    if (this.#busy) return ['busy', []];
    if (!this.#everAnswered) return ['starting', []];
    return this.#answerReason ? ['unavailable', [this.#answerReason]] : ['ready', []];
  }
}
