import type { DeviceReport } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';

export type Severity = 'critical' | 'warning' | 'info';
export type Detail = Readonly<Record<string, string | number | boolean>>;

/** What is known of one terminal when it is judged. */
export interface Facts {
  readonly now: number;
  readonly online: boolean;
  /** Since when it is away; absent where it was never there. */
  readonly offlineSince?: number | undefined;
  /** Its key is held by more than one machine, as it seems. */
  readonly suspect: boolean;
  /** As it last said; worth nothing about devices while it is away. */
  readonly reported?: Reported | undefined;
  /** Payments of the last hour, and those of them that failed for a technical reason. */
  readonly payments?: { readonly begun: number; readonly failed: number } | undefined;
  /** Outcomes of its payments that the node has not taken, and since when the oldest waits. */
  readonly backlog?: { readonly outcomes: number; readonly since: number } | undefined;
}

/** Something that is wrong now. `subject` tells two of one rule apart (two devices); '' where there can be one only. */
export interface Condition {
  readonly rule: RuleName;
  readonly subject: string;
  readonly severity: Severity;
  readonly detail: Detail;
}

interface Rule {
  readonly severity: Severity;
  /** What the threshold counts; absent: there is none. */
  readonly threshold?: { readonly unit: string; readonly default: number };
  /** One detail a subject; an empty map: nothing is wrong. */
  readonly judge: (facts: Facts, threshold: number) => ReadonlyMap<string, Detail>;
}

const NONE: ReadonlyMap<string, Detail> = new Map();
const one = (detail: Detail = {}): ReadonlyMap<string, Detail> => new Map([['', detail]]);
const when = (wrong: boolean, detail: Detail = {}) => (wrong ? one(detail) : NONE);

const GONE: ReadonlySet<DeviceReport['state']> = new Set(['unavailable', 'fault']);
const STUCK: ReadonlySet<DeviceReport['state']> = new Set([...GONE, 'jam', 'cover-open']);
/** Those that citizens miss first have rules of their own. */
const OWN_RULES: ReadonlySet<string> = new Set(['pos', 'printer']);

/** Devices of a terminal that is there: what one that is away said last is no news. */
const devicesOf = ({ online, reported }: Facts): readonly DeviceReport[] =>
  online ? (reported?.devices ?? []) : [];
const deviceOf = (facts: Facts, role: DeviceReport['role']) =>
  devicesOf(facts).find((device) => device.role === role);
const paperLeft = ({ online, reported }: Facts) =>
  online
    ? reported?.consumables.find(({ role, left }) => role === 'printer' && left !== undefined)?.left
    : undefined;

/** Every rule there is, with what holds where nobody says otherwise. docs/alerts.md explains each. */
export const RULES = {
  offline: {
    severity: 'critical',
    threshold: { unit: 'seconds', default: 30 },
    judge: ({ online, offlineSince, now }, seconds) =>
      when(!online && offlineSince !== undefined && now - offlineSince >= seconds * 1000),
  },
  'key-cloned': { severity: 'critical', judge: ({ suspect }) => when(suspect) },
  'pos-unreachable': {
    severity: 'critical',
    judge: (facts) => {
      const pos = deviceOf(facts, 'pos');
      return when(pos !== undefined && GONE.has(pos.state), { state: pos?.state ?? '' });
    },
  },
  'paper-out': {
    severity: 'warning',
    judge: (facts) => when(deviceOf(facts, 'printer')?.state === 'out-of-paper'),
  },
  'paper-low': {
    severity: 'info',
    threshold: { unit: 'share', default: 0.1 },
    judge: (facts, share) => {
      const printer = deviceOf(facts, 'printer');
      if (!printer || printer.state === 'out-of-paper') return NONE;
      const left = paperLeft(facts);
      const low = printer.reasons.includes('paper-low') || (left !== undefined && left < share);
      return when(low, left === undefined ? {} : { left });
    },
  },
  'printer-unavailable': {
    severity: 'warning',
    judge: (facts) => {
      const printer = deviceOf(facts, 'printer');
      return when(printer !== undefined && STUCK.has(printer.state), { state: printer?.state ?? '' });
    },
  },
  'device-unavailable': {
    severity: 'warning',
    judge: (facts) =>
      new Map(
        devicesOf(facts)
          .filter(({ role, state }) => !OWN_RULES.has(role) && GONE.has(state))
          .map(({ role, state }) => [role, { role, state }]),
      ),
  },
  'mains-lost': {
    severity: 'critical',
    judge: ({ online, reported }) =>
      when(online && (reported?.limitations.includes('power-failing') ?? false)),
  },
  'door-open': {
    severity: 'warning',
    judge: ({ online, reported }) => when(online && (reported?.limitations.includes('door-open') ?? false)),
  },
  'card-left': {
    severity: 'info',
    judge: (facts) => when(deviceOf(facts, 'card')?.reasons.includes('card-left') ?? false),
  },
  'clock-skew': {
    severity: 'warning',
    threshold: { unit: 'seconds', default: 30 },
    judge: ({ online, reported }, seconds) => {
      const skew = reported?.clockSkewMs ?? 0;
      return when(online && Math.abs(skew) > seconds * 1000, { seconds: Math.round(skew / 1000) });
    },
  },
  'outcome-backlog': {
    severity: 'critical',
    threshold: { unit: 'minutes', default: 15 },
    judge: ({ backlog, now }, minutes) =>
      backlog === undefined || backlog.outcomes === 0
        ? NONE
        : when(now - backlog.since > minutes * 60_000, { outcomes: backlog.outcomes }),
  },
  'error-rate': {
    severity: 'warning',
    threshold: { unit: 'share', default: 0.3 },
    // one of two is no rate
    judge: ({ payments }, share) =>
      payments === undefined || payments.begun < 5
        ? NONE
        : when(payments.failed / payments.begun >= share, { ...payments }),
  },
  'disk-full': {
    severity: 'warning',
    threshold: { unit: 'share', default: 0.05 },
    judge: ({ online, reported }, share) => {
      const { diskFreeMb: free, diskTotalMb: total } = reported?.host ?? {};
      return !online || free === undefined || total === undefined
        ? NONE
        : when(free < total * share, { freeMb: Math.round(free) });
    },
  },
  hot: {
    severity: 'warning',
    threshold: { unit: 'celsius', default: 75 },
    judge: ({ online, reported }, celsius) => {
      const temperature = reported?.host.temperatureC;
      return online && temperature !== undefined ? when(temperature > celsius, { temperature }) : NONE;
    },
  },
  'settings-refused': {
    severity: 'warning',
    judge: ({ online, reported }) => {
      const refused = reported?.settings.refused;
      return online && refused ? one({ version: refused.version, faults: refused.faults.length }) : NONE;
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;
export type RuleName = keyof typeof RULES;

export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];
export const isRule = (name: string): name is RuleName => Object.hasOwn(RULES, name);

/** A municipality's own word on a rule: off, or another threshold. */
export type RuleSettings = Readonly<
  Record<string, { readonly on: boolean; readonly threshold?: number | undefined }>
>;

/** Everything that is wrong with a terminal now, by the rules that are on. Pure: the same facts, the same conditions. */
export function conditionsOf(facts: Facts, settings: RuleSettings = {}): Condition[] {
  return RULE_NAMES.flatMap((name) => {
    const rule: Rule = RULES[name];
    const own = settings[name];
    if (own && !own.on) return [];
    const threshold = own?.threshold ?? rule.threshold?.default ?? 0;
    return [...rule.judge(facts, threshold)].map(([subject, detail]) => ({
      rule: name,
      subject,
      severity: rule.severity,
      detail,
    }));
  });
}
