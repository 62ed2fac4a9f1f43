import type { Clock } from '@jolly/contracts/values';
import { posError } from './errors.ts';

/** While the terminal does not answer it is asked more often than when it does. */
const RECHECK_MS = 5_000;

export interface TurnsOptions {
  readonly uri: string;
  readonly clock: Clock;
  /** Between harmless questions while nothing runs; 0 = only when the link comes up. */
  readonly probeMs: number;
  /** The harmless question. Never rejects. */
  readonly probe: () => Promise<void>;
  /** Whether the terminal has answered since its link came up. */
  readonly proven: () => boolean;
  readonly busy: (busy: boolean) => void;
}

/**
 * One call at a time on a terminal, and a harmless question in the background while there is none: that it answers is known
 * before a citizen needs it.
 */
export class Turns {
  readonly #options: TurnsOptions;
  #busy = false;
  #closed = false;
  #probing: Promise<void> | undefined;
  #cancelProbe: (() => void) | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /**
   * Runs `work` alone; a question in the background is waited for, not refused. Rejects with `POS_BUSY`, or
   * `POS_UNREACHABLE` after `close()`.
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const { uri } = this.#options;
    if (this.#busy) throw posError('POS_BUSY', { uri });
    if (this.#closed) throw posError('POS_UNREACHABLE', { uri, reason: 'closed' });
    this.#busy = true;
    this.#cancelProbe?.();
    this.#options.busy(true);
    try {
      await this.#probing;
      return await work();
    } finally {
      this.#busy = false;
      this.#options.busy(false);
      this.#planNext(0);
    }
  }

  planProbe(ms: number): void {
    if (this.#closed) return;
    this.#cancelProbe?.();
    this.#cancelProbe = this.#options.clock.after(ms, () => {
      this.#cancelProbe = undefined;
      if (this.#busy || this.#closed || this.#probing) return;
      this.#probing = this.#options.probe().finally(() => {
        this.#probing = undefined;
        if (!this.#busy) this.#planNext(RECHECK_MS);
      });
    });
  }

  /** No call is taken any more. */
  close(): void {
    this.#closed = true;
    this.#cancelProbe?.();
  }

  #planNext(unprovenMs: number): void {
    if (this.#closed) return;
    const { probeMs, proven } = this.#options;
    if (!proven()) this.planProbe(unprovenMs);
    else if (probeMs > 0) this.planProbe(probeMs);
  }
}
