/** Time is a parameter: everything that waits or stamps takes one of these. Instants are epoch milliseconds, UTC. */
export interface Clock {
  now(): number;
  /** Monotonic milliseconds, for durations. */
  monotonic(): number;
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms` on the given clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** A clock that moves only when told: `advance(ms)` runs what is due, in order. For tests and simulators. */
export class ManualClock implements Clock {
  #now: number;
  #start: number;
  #next = 0;
  readonly #waiting = new Map<number, { at: number; task: () => void }>();

  constructor(now = Date.UTC(2026, 10, 21, 9, 24)) {
    this.#now = now;
    this.#start = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  after(ms: number, task: () => void): () => void {
    const id = this.#next++;
    this.#waiting.set(id, { at: this.#now + Math.max(0, ms), task });
    return () => this.#waiting.delete(id);
  }

  /** Moves on by `ms`, running each waiting task at its own instant. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let due: [number, { at: number; task: () => void }] | undefined;
      for (const entry of this.#waiting) {
        if (entry[1].at <= end && (!due || entry[1].at < due[1].at)) due = entry;
      }
      if (!due) break;
      this.#waiting.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].task();
    }
    this.#now = end;
  }
}
