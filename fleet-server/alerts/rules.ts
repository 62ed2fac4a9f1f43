import { ALERT_RULE_NAMES, ALERT_RULES, type AlertRule, type DeviceReport } from '@jolly/contracts/fleet-api';
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
  readonly rule: AlertRule;
  readonly subject: string;
  readonly severity: Severity;
  readonly detail: Detail;
}

/** One detail a subject; an empty map: nothing is wrong. */
type Judge = (facts: Facts, threshold: number) => ReadonlyMap<string, Detail>;

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

/** What is wrong, by the rule that says so. */
const JUDGES: Readonly<Record<AlertRule, Judge>> = {
  offline: ({ online, offlineSince, now }, seconds) =>
    when(!online && offlineSince !== undefined && now - offlineSince >= seconds * 1000),
  'key-cloned': ({ suspect }) => when(suspect),
  'pos-unreachable': (facts) => {
    const pos = deviceOf(facts, 'pos');
    return when(pos !== undefined && GONE.has(pos.state), { state: pos?.state ?? '' });
  },
  'paper-out': (facts) => when(deviceOf(facts, 'printer')?.state === 'out-of-paper'),
  'paper-low': (facts, share) => {
    const printer = deviceOf(facts, 'printer');
    if (!printer || printer.state === 'out-of-paper') return NONE;
    const left = paperLeft(facts);
    const low = printer.reasons.includes('paper-low') || (left !== undefined && left < share);
    return when(low, left === undefined ? {} : { left });
  },
  'printer-unavailable': (facts) => {
    const printer = deviceOf(facts, 'printer');
    return when(printer !== undefined && STUCK.has(printer.state), { state: printer?.state ?? '' });
  },
  'device-unavailable': (facts) =>
    new Map(
      devicesOf(facts)
        .filter(({ role, state }) => !OWN_RULES.has(role) && GONE.has(state))
        .map(({ role, state }) => [role, { role, state }]),
    ),
  'mains-lost': ({ online, reported }) =>
    when(online && (reported?.limitations.includes('power-failing') ?? false)),
  'door-open': ({ online, reported }) =>
    when(online && (reported?.limitations.includes('door-open') ?? false)),
  'card-left': (facts) => when(deviceOf(facts, 'card')?.reasons.includes('card-left') ?? false),
  'clock-skew': ({ online, reported }, seconds) => {
    const skew = reported?.clockSkewMs ?? 0;
    return when(online && Math.abs(skew) > seconds * 1000, { seconds: Math.round(skew / 1000) });
  },
  'outcome-backlog': ({ backlog, now }, minutes) =>
    backlog === undefined || backlog.outcomes === 0
      ? NONE
      : when(now - backlog.since > minutes * 60_000, { outcomes: backlog.outcomes }),
  // one of two is no rate
  'error-rate': ({ payments }, share) =>
    payments === undefined || payments.begun < 5
      ? NONE
      : when(payments.failed / payments.begun >= share, { ...payments }),
  'disk-full': ({ online, reported }, share) => {
    const { diskFreeMb: free, diskTotalMb: total } = reported?.host ?? {};
    return !online || free === undefined || total === undefined
      ? NONE
      : when(free < total * share, { freeMb: Math.round(free) });
  },
  hot: ({ online, reported }, celsius) => {
    const temperature = reported?.host.temperatureC;
    return online && temperature !== undefined ? when(temperature > celsius, { temperature }) : NONE;
  },
  'settings-refused': ({ online, reported }) => {
    const refused = reported?.settings.refused;
    return online && refused ? one({ version: refused.version, faults: refused.faults.length }) : NONE;
  },
};
/** A municipality's own word on a rule: off, or another threshold. */
export type RuleSettings = Readonly<
  Record<string, { readonly on: boolean; readonly threshold?: number | undefined }>
>;

/** Everything that is wrong with a terminal now, by the rules that are on. Pure: the same facts, the same conditions. */
export function conditionsOf(facts: Facts, settings: RuleSettings = {}): Condition[] {
  return ALERT_RULE_NAMES.flatMap((name) => {
    const own = settings[name];
    if (own && !own.on) return [];
    const { severity, threshold } = ALERT_RULES[name];
    const limit = own?.threshold ?? threshold?.usual ?? 0;
    return [...JUDGES[name](facts, limit)].map(([subject, detail]) => ({
      rule: name,
      subject,
      severity,
      detail,
    }));
  });
}
