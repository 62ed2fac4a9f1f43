import type { Condition, Detail } from './rules.ts';

/** An alert as it is kept, as far as what is wrong now bears on it. */
export interface Standing {
  readonly alertId: string;
  readonly rule: string;
  readonly subject: string;
  readonly open: boolean;
  readonly healedAt: number | undefined;
  readonly detail: Detail;
}

export type Step =
  | { readonly do: 'open'; readonly condition: Condition }
  /** It was healed a short while ago: the same trouble, not another. */
  | { readonly do: 'reopen'; readonly alertId: string; readonly condition: Condition }
  | { readonly do: 'change'; readonly alertId: string; readonly condition: Condition }
  | { readonly do: 'heal'; readonly alertId: string };

/** A loose plug makes one alert that comes and goes, not thirty. */
export const SAME_TROUBLE_MS = 10 * 60_000;

const keyOf = ({ rule, subject }: { readonly rule: string; readonly subject: string }) =>
  `${rule}/${subject}`;

export interface Looked {
  readonly now: number;
  /** Maintenance: nothing new is opened. */
  readonly quiet: boolean;
  /** Rules that were not looked at this time: theirs stay as they are. */
  readonly kept?: readonly string[];
}

/**
 * What must be done so that the open alerts are exactly what is wrong: never two for one trouble, none for what is over. `quiet` (maintenance): what
 * is wrong opens nothing, what is over heals all the same. Pure.
 */
export function planOf(
  standing: readonly Standing[],
  conditions: readonly Condition[],
  { now, quiet, kept = [] }: Looked,
): Step[] {
  const wrong = new Map(conditions.map((condition) => [keyOf(condition), condition]));
  const open = new Map(standing.filter((each) => each.open).map((each) => [keyOf(each), each]));
  const steps: Step[] = [];
  for (const [key, alert] of open) {
    const condition = wrong.get(key);
    if (kept.includes(alert.rule)) continue;
    if (!condition) steps.push({ do: 'heal', alertId: alert.alertId });
    else if (JSON.stringify(condition.detail) !== JSON.stringify(alert.detail)) {
      steps.push({ do: 'change', alertId: alert.alertId, condition });
    }
  }
  if (quiet) return steps;
  for (const [key, condition] of wrong) {
    if (open.has(key)) continue;
    const before = standing
      .filter((each) => !each.open && keyOf(each) === key && now - (each.healedAt ?? 0) < SAME_TROUBLE_MS)
      .sort((a, b) => (b.healedAt ?? 0) - (a.healedAt ?? 0))[0];
    steps.push(before ? { do: 'reopen', alertId: before.alertId, condition } : { do: 'open', condition });
  }
  return steps;
}
