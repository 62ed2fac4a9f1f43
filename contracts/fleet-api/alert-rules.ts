/** What a rule's threshold counts; a share is one of 1. */
export type ThresholdUnit = 'seconds' | 'minutes' | 'share' | 'celsius';

interface AlertRuleFacts {
  readonly severity: 'critical' | 'warning' | 'info';
  /** Absent: there is none. `usual` holds where nobody says otherwise. */
  readonly threshold?: { readonly unit: ThresholdUnit; readonly usual: number };
}

/** Every rule there is, in the order in which people read them. docs/alerts.md explains each. */
const RULES = {
  offline: { severity: 'critical', threshold: { unit: 'seconds', usual: 30 } },
  'key-cloned': { severity: 'critical' },
  'pos-unreachable': { severity: 'critical' },
  'paper-out': { severity: 'warning' },
  'paper-low': { severity: 'info', threshold: { unit: 'share', usual: 0.1 } },
  'printer-unavailable': { severity: 'warning' },
  'device-unavailable': { severity: 'warning' },
  'mains-lost': { severity: 'critical' },
  'door-open': { severity: 'warning' },
  'card-left': { severity: 'info' },
  'clock-skew': { severity: 'warning', threshold: { unit: 'seconds', usual: 30 } },
  'outcome-backlog': { severity: 'critical', threshold: { unit: 'minutes', usual: 15 } },
  'error-rate': { severity: 'warning', threshold: { unit: 'share', usual: 0.3 } },
  'disk-full': { severity: 'warning', threshold: { unit: 'share', usual: 0.05 } },
  hot: { severity: 'warning', threshold: { unit: 'celsius', usual: 75 } },
  'settings-refused': { severity: 'warning' },
} as const satisfies Readonly<Record<string, AlertRuleFacts>>;

export type AlertRule = keyof typeof RULES;
export const ALERT_RULES: Readonly<Record<AlertRule, AlertRuleFacts>> = RULES;
export const ALERT_RULE_NAMES = Object.keys(RULES) as readonly AlertRule[];
export const isAlertRule = (name: string): name is AlertRule => Object.hasOwn(RULES, name);
