/** 0 ≤ n < 1, evenly spread. */
export type Random = () => number;

const FIRST_MS = 200;
const CAP_MS = 5_000;

/**
 * Delays between attempts: 200 ms doubling to 5 s, each shortened by up to half at random, so that a hundred terminals
 * that lost the same switch do not all knock in the same millisecond.
 */
export class Backoff {
  readonly #random: Random;
  #failures = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const full = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(this.#failures, 16));
    this.#failures++;
    return Math.round(full * (1 - this.#random() / 2));
  }

  reset(): void {
    this.#failures = 0;
  }
}
