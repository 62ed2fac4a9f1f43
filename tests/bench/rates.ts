import { type Figure, figureOf, quantile, rounded } from './statistics.ts';

const WARM_UP_MS = 40;
const BATCHES = 20;
const BATCH_MS = 12;

/** Kept, so that no engine may find out that the results are never used. */
let kept = 0;

function batch(work: () => number, ms: number): number {
  const start = performance.now();
  let done = 0;
  let spent = 0;
  do {
    done += work();
    spent = performance.now() - start;
  } while (spent < ms);
  kept += done;
  return (done / spent) * 1000;
}

/** Rates as a figure. Here p95 is the slow side: 95 % of the batches were at least as fast. */
export function rateOf(rates: readonly number[], unit: string): Figure {
  return { ...figureOf(rates, unit), p95: rounded(quantile(rates, 0.05)) };
}

/** How often a second `work` does what it counts: it returns the number of things done in one go. */
export function benchRate(unit: string, work: () => number): Figure {
  batch(work, WARM_UP_MS);
  const rates = Array.from({ length: BATCHES }, () => batch(work, BATCH_MS));
  if (kept === 0) throw new Error(`nothing was done: ${unit}`);
  return rateOf(rates, unit);
}
