import type { Clock } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState } from './health.ts';

/** A device's state with its reasons, and who wants to know of a change. Drivers keep one each. */
export class Standing {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #counters: () => Readonly<Record<string, number>>;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;

  constructor(clock: Pick<Clock, 'now'>, counters: () => Readonly<Record<string, number>>) {
    this.#clock = clock;
    this.#counters = counters;
    this.#since = clock.now();
  }

  get state(): DeviceState {
    return this.#state;
  }

  get reasons(): readonly string[] {
    return this.#reasons;
  }

  health(): DeviceHealth {
    const { state, reasons, since } = { state: this.#state, reasons: this.#reasons, since: this.#since };
    return { state, reasons, since, counters: this.#counters() };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told once: the same state for the same reasons is no news. */
  turn(state: DeviceState, reasons: readonly string[] = []): void {
    if (state === this.#state && reasons.join(' ') === this.#reasons.join(' ')) return;
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#reasons = reasons;
    const health = this.health();
    for (const listener of this.#listeners) listener(health);
  }
}
