import {
  ALERT_RULE_NAMES,
  ALERT_RULES,
  type AlertRule,
  AlertSettings,
  isAlertRule,
} from '@jolly/contracts/fleet-api';

export interface RuleLine {
  readonly rule: AlertRule;
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

const isShare = (rule: AlertRule): boolean => ALERT_RULES[rule].threshold?.unit === 'share';

/** As stored → as typed. Rules that this console does not know stay as they are. */
export function draftOf(settings: AlertSettings): EscalationDraft {
  return {
    rules: ALERT_RULE_NAMES.map((rule) => {
      const own = settings.rules[rule];
      const threshold = own?.threshold;
      const typed = threshold === undefined ? '' : String(isShare(rule) ? threshold * 100 : threshold);
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
  const rules: Record<string, { on: boolean; threshold?: number }> = {};
  for (const [rule, own] of Object.entries(before.rules)) {
    if (!isAlertRule(rule)) {
      rules[rule] = { on: own.on, ...(own.threshold === undefined ? {} : { threshold: own.threshold }) };
    }
  }
  for (const { rule, on, threshold } of draft.rules) {
    const typed = threshold.trim() === '' ? undefined : Number(threshold.replace(',', '.'));
    if (on && typed === undefined) continue;
    const value = typed !== undefined && isShare(rule) ? typed / 100 : typed;
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
