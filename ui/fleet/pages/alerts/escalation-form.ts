import { AlertSettings } from '@jolly/contracts/fleet-api';

/** Every rule of the server (docs/alerts.md) that is shown, with what its threshold counts and holds where nobody says otherwise. */
export const ALERT_RULES = [
  { rule: 'offline', unit: 'seconds', usual: 30 },
  { rule: 'key-cloned' },
  { rule: 'pos-unreachable' },
  { rule: 'paper-out' },
  { rule: 'paper-low', unit: 'share', usual: 0.1 },
  { rule: 'printer-unavailable' },
  { rule: 'device-unavailable' },
  { rule: 'mains-lost' },
  { rule: 'door-open' },
  { rule: 'card-left' },
  { rule: 'clock-skew', unit: 'seconds', usual: 30 },
  { rule: 'outcome-backlog', unit: 'minutes', usual: 15 },
  { rule: 'error-rate', unit: 'share', usual: 0.3 },
  { rule: 'disk-full', unit: 'share', usual: 0.05 },
  { rule: 'hot', unit: 'celsius', usual: 75 },
  { rule: 'settings-refused' },
] as const satisfies readonly {
  rule: string;
  unit?: 'seconds' | 'minutes' | 'share' | 'celsius';
  usual?: number;
}[];

export interface RuleLine {
  readonly rule: string;
  readonly on: boolean;
  /** As typed; '' = the usual one. Shares are typed in hundredths. */
  readonly threshold: string;
}
export interface StepLine {
  readonly key: number;
  readonly afterMinutes: string;
  readonly minSeverity: 'critical' | 'warning' | 'info';
  readonly emails: string;
  readonly webhooks: string;
}
export interface EscalationDraft {
  readonly rules: readonly RuleLine[];
  readonly steps: readonly StepLine[];
  readonly publicStatus: boolean;
}

const unitOf = (rule: string): string | undefined =>
  ALERT_RULES.flatMap((each) => ('unit' in each && each.rule === rule ? [each.unit] : []))[0];

/** As stored → as typed. Rules that this console does not know stay as they are. */
export function draftOf(settings: AlertSettings): EscalationDraft {
  return {
    rules: ALERT_RULES.map(({ rule }) => {
      const own = settings.rules[rule];
      const threshold = own?.threshold;
      const typed =
        threshold === undefined ? '' : String(unitOf(rule) === 'share' ? threshold * 100 : threshold);
      return { rule, on: own?.on ?? true, threshold: typed };
    }),
    steps: settings.escalation.map((step, key) => ({
      key,
      afterMinutes: String(step.afterMinutes),
      minSeverity: step.minSeverity,
      emails: step.emails.join('\n'),
      webhooks: step.webhooks.join('\n'),
    })),
    publicStatus: settings.publicStatus,
  };
}

const linesOf = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** As typed → as stored; undefined where the schema refuses it. A rule that is as usual is not named. */
export function settingsOf(
  draft: EscalationDraft,
  before: AlertSettings,
): ReturnType<typeof AlertSettings.safeParse> {
  const known = new Set<string>(ALERT_RULES.map(({ rule }) => rule));
  const rules: Record<string, { on: boolean; threshold?: number }> = {};
  for (const [rule, own] of Object.entries(before.rules)) {
    if (!known.has(rule)) {
      rules[rule] = { on: own.on, ...(own.threshold === undefined ? {} : { threshold: own.threshold }) };
    }
  }
  for (const { rule, on, threshold } of draft.rules) {
    const typed = threshold.trim() === '' ? undefined : Number(threshold.replace(',', '.'));
    if (on && typed === undefined) continue;
    const value = typed !== undefined && unitOf(rule) === 'share' ? typed / 100 : typed;
    rules[rule] = { on, ...(value === undefined ? {} : { threshold: value }) };
  }
  return AlertSettings.safeParse({
    rules,
    escalation: draft.steps.map((step) => ({
      afterMinutes: Number(step.afterMinutes),
      minSeverity: step.minSeverity,
      emails: linesOf(step.emails),
      webhooks: linesOf(step.webhooks),
    })),
    publicStatus: draft.publicStatus,
  });
}
