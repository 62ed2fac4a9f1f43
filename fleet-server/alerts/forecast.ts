/** What a consumable said at an instant. `used` only grows, but for a device that was changed. */
export interface Sample {
  readonly at: number;
  readonly left: number | undefined;
  readonly used: number | undefined;
}

/** So much of a day's change is noise; less is not looked at. */
const LEAST_SPAN_MS = 6 * 3_600_000;
const LONGEST_MS = 90 * 86_400_000;

/**
 * When it will be used up, from what went in the days that were seen: share used per millisecond between refills, weighted by time. Undefined
 * where nothing was used, too little was seen, or the end is more than ninety days off. Samples oldest first.
 */
export function endOf(samples: readonly Sample[], now: number): number | undefined {
  const known = samples.filter((sample): sample is Sample & { left: number } => sample.left !== undefined);
  const last = known.at(-1);
  if (!last) return undefined;
  if (last.left <= 0) return last.at;
  let span = 0;
  let gone = 0;
  for (const [at, sample] of known.entries()) {
    const next = known[at + 1];
    // a refill: what happened between the two cannot be known
    if (!next || next.left > sample.left) continue;
    span += next.at - sample.at;
    gone += sample.left - next.left;
  }
  if (span < LEAST_SPAN_MS || gone <= 0) return undefined;
  const end = last.at + (last.left * span) / gone;
  return end - now > LONGEST_MS ? undefined : Math.round(end);
}
