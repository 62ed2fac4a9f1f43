/** What a figure is measured against: `most` = at most so much, `least` = at least so much. */
export type Goal =
  | { readonly median: 'most' | 'least'; readonly is: number }
  | { readonly p95: 'most' | 'least'; readonly is: number };

/** One measured figure. `goal` and `met` are absent where nothing was promised. */
export interface Figure {
  readonly median: number;
  readonly p95: number;
  readonly n: number;
  readonly unit: string;
  readonly goal?: string;
  readonly met?: boolean;
}

/**
 * The value below which `share` (0 … 1) of the samples lie, between neighbours by proportion. NaN of no samples: a
 * figure that was not measured must not look like one that is zero.
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, share));
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Three significant digits, and whole numbers above a thousand: more would be noise. */
export function rounded(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** Samples as a figure, judged against its goal before anything is rounded. */
export function figureOf(samples: readonly number[], unit: string, goal?: Goal): Figure {
  const middle = median(samples);
  const high = quantile(samples, 0.95);
  const plain = { median: rounded(middle), p95: rounded(high), n: samples.length, unit };
  if (!goal) return plain;
  const [what, value, bound] = 'median' in goal ? ['median', middle, goal.median] : ['p95', high, goal.p95];
  return {
    ...plain,
    goal: `${what} ${bound === 'most' ? '≤' : '≥'} ${goal.is} ${unit}`,
    met: bound === 'most' ? value <= goal.is : value >= goal.is,
  };
}
