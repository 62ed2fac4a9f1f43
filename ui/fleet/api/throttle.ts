/** Time and timers as a throttle needs them; the browser's own outside tests. */
export interface Timers {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

export const browserTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Runs at once, then at most once in `ms`; whatever is asked in between is one run at the end. */
export function throttled(
  ms: number,
  run: () => void,
  timers: Timers = browserTimers,
): { ask(): void; cancel(): void } {
  let last = Number.NEGATIVE_INFINITY;
  let cancelWait: (() => void) | undefined;
  const go = () => {
    cancelWait = undefined;
    last = timers.now();
    run();
  };
  return {
    ask() {
      if (cancelWait) return;
      const wait = last + ms - timers.now();
      if (wait <= 0) go();
      else cancelWait = timers.after(wait, go);
    },
    cancel() {
      cancelWait?.();
      cancelWait = undefined;
    },
  };
}
