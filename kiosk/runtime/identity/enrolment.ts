import type { Clock } from '@jolly/contracts/values';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export interface Enrolment {
  /** Whether the server knows this terminal's key. */
  readonly enrolled: boolean;
  stop(): void;
}

/**
 * Enrols until the server accepts, waiting 1 s, 2 s, 4 s … 60 s between attempts that fail; meanwhile the terminal works without
 * payments. `enrol` resolves when the server knows the key, or to how long (ms) to wait where a person must accept; it is safe to
 * repeat.
 */
export function keepEnrolling(
  enrol: () => Promise<number | undefined>,
  clock: Clock,
  events: { enrolled(): void; failed(error: unknown, nextMs: number): void },
): Enrolment {
  let enrolled = false;
  let stopped = false;
  let cancel = (): void => undefined;
  const attempt = (waitMs: number): void => {
    enrol().then(
      (againMs) => {
        if (stopped) return;
        if (againMs !== undefined) {
          cancel = clock.after(againMs, () => attempt(FIRST_WAIT_MS));
          return;
        }
        enrolled = true;
        events.enrolled();
      },
      (error: unknown) => {
        if (stopped) return;
        events.failed(error, waitMs);
        cancel = clock.after(waitMs, () => attempt(Math.min(waitMs * 2, LONGEST_WAIT_MS)));
      },
    );
  };
  attempt(FIRST_WAIT_MS);
  return {
    get enrolled() {
      return enrolled;
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
