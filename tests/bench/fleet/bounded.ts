import { rounded } from '../statistics.ts';

/** One value against its goal. */
export interface Bound {
  readonly value: number;
  readonly unit: string;
  readonly goal: string;
  readonly met: boolean;
}

export function bounded(
  value: number,
  unit: string,
  goal: { readonly most: number } | { readonly least: number },
): Bound {
  const most = 'most' in goal;
  const is = most ? goal.most : goal.least;
  return {
    value: rounded(value),
    unit,
    goal: `${most ? '≤' : '≥'} ${is} ${unit}`,
    met: most ? value <= is : value >= is,
  };
}
