import type { Clock } from '@jolly/contracts/values';

/** A contact bounces for some milliseconds: a value counts once it has held for `ms`. */
export class Debounced<T> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #tell: (value: T) => void;
  #value: T;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, ms: number, first: T, tell: (value: T) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#value = first;
    this.#tell = tell;
  }

  get value(): T {
    return this.#value;
  }

  /** The contact says so now. */
  saw(value: T): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (value === this.#value) return;
    this.#cancel = this.#clock.after(this.#ms, () => this.now(value));
  }

  /** Counts at once: for what is no bounce, such as a lost wire. */
  now(value: T): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (value === this.#value) return;
    this.#value = value;
    this.#tell(value);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

export const DEBOUNCE_MS = 50;
