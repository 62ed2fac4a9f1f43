/**
 * How often something that crashed is started again: at once, then later and later, and not at all when it fell `most` times within
 * `windowMs`. Then the machine's own watchdog takes over (the shell ends with a failure).
 */
export class RestartLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #falls: number[] = [];

  constructor(most = 5, windowMs = 10 * 60_000) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Milliseconds to wait before the next start; undefined when enough is enough. */
  fell(now: number): number | undefined {
    while (this.#falls[0] !== undefined && this.#falls[0] <= now - this.#windowMs) this.#falls.shift();
    this.#falls.push(now);
    if (this.#falls.length > this.#most) return undefined;
    return this.#falls.length === 1 ? 0 : 500 * 2 ** (this.#falls.length - 2);
  }
}
