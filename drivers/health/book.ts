import type { Clock } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState, SelfTestStep } from './health.ts';

/** Keeps a device's state with its instant, and tells who listens. For drivers whose states are simply set. */
export class HealthBook {
  readonly #clock: Clock;
  readonly #counters: () => Readonly<Record<string, number>>;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;

  constructor(clock: Clock, counters: () => Readonly<Record<string, number>> = () => ({})) {
    this.#clock = clock;
    this.#counters = counters;
    this.#since = clock.now();
  }

  get now(): DeviceHealth {
    return {
      state: this.#state,
      reasons: this.#reasons,
      since: this.#since,
      counters: { ...this.#counters() },
    };
  }

  on(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nobody is told when nothing changed. */
  turn(state: DeviceState, reasons: readonly string[] = []): void {
    const same = state === this.#state && reasons.join() === this.#reasons.join();
    if (same) return;
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#reasons = reasons;
    const health = this.now;
    for (const listener of this.#listeners) listener(health);
  }

  forget(): void {
    this.#listeners.clear();
  }
}

/** One timed step of a self-test: what `act` throws is its detail, and `cure` what the technician does then. */
export async function timedStep(
  clock: Clock,
  name: string,
  cure: string,
  act: () => Promise<string | undefined> | string | undefined,
): Promise<SelfTestStep> {
  const start = clock.monotonic();
  const durationMs = () => Math.round(clock.monotonic() - start);
  try {
    const detail = await act();
    return { name, ok: true, durationMs: durationMs(), ...(detail === undefined ? {} : { detail }) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown';
    return { name, ok: false, durationMs: durationMs(), detail, cure };
  }
}
