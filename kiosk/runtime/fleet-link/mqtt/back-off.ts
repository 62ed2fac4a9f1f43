import type { RandomBytes } from '@jolly/contracts/values';

const FIRST_MS = 3_000;
const LONGEST_MS = 60_000;

/**
 * Wait before the next connection after `failures` in a row: anything up to a limit that doubles. Fully random, so that terminals that
 * lost the same server do not come back in step.
 */
export function reconnectWait(failures: number, random: RandomBytes): number {
  const limit = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.floor(fraction(random) * limit);
}

function fraction(random: RandomBytes): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}
