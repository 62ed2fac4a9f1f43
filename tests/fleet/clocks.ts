import { type Clock, systemClock } from '@jolly/contracts/values';

/** A terminal's waits are so many times shorter than they are, so that minutes of faults fit into one. */
export const PACE = 3;

/** A clock on the wall that can go wrong; durations do not. */
export class SkewedClock implements Clock {
  skewMs: number;

  constructor(skewMs = 0) {
    this.skewMs = skewMs;
  }

  now(): number {
    return systemClock.now() + this.skewMs;
  }

  monotonic(): number {
    return systemClock.monotonic() * PACE;
  }

  after(ms: number, task: () => void): () => void {
    return systemClock.after(Math.ceil(ms / PACE), task);
  }
}
