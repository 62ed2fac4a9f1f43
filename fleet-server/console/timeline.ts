import type { Alert, PaymentState, TimelineEntry } from '@jolly/contracts/fleet-api';
import { EntryData } from '@jolly/contracts/fleet-link';
import { boundsOfDay } from '../calendar/index.ts';
import { findTerminal } from '../identity/index.ts';
import type { LinkTables } from '../link/index.ts';
import { paymentsOfTerminal } from '../payments/index.ts';
import { fail } from '../problems/index.ts';
import type { Tables } from '../store/index.ts';
import type { TerminalTables } from '../terminals/index.ts';

/** Of each source; a terminal that is mad may say more. */
const MOST_OF_EACH = 300;
const MOST = 500;

interface Span {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly from: number;
  readonly to: number;
}

/** A change of settings that concerns a terminal. */
export interface SettingsChange {
  readonly at: number;
  readonly layer: string;
  readonly version: number;
  readonly by: string;
  readonly revertOf: number | undefined;
}

export interface TimelineSources {
  readonly store: Tables;
  readonly timeZoneOf: (tenantId: string) => string;
  readonly alertsOf: (span: Span) => Promise<readonly Alert[]>;
  readonly settingsChangesOf: (span: Span, limit: number) => Promise<readonly SettingsChange[]>;
  /** What each of these commands was, by id. */
  readonly commandKindsOf: (
    tenantId: string,
    commandIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
}

/**
 * A terminal's day on the place's calendar, newest first: how it stood, what it said, what was paid at it, what was done to it. Throws
 * NOT_FOUND.
 */
export async function timelineOf(
  sources: TimelineSources,
  { tenantId, terminalId }: Pick<Span, 'tenantId' | 'terminalId'>,
  day: string,
): Promise<TimelineEntry[]> {
  if (!(await findTerminal(sources.store, { tenantId, terminalId }))) throw fail('NOT_FOUND');
  const span = { tenantId, terminalId, ...boundsOfDay(day, sources.timeZoneOf(tenantId)) };
  const all = [
    ...(await standings(sources.store, span)),
    ...(await said(sources, span)),
    ...(await payments(sources.store, span)),
    ...(await alerts(sources, span)),
    ...(await settings(sources, span)),
  ];
  return all.toSorted((one, other) => other.at - one.at).slice(0, MOST);
}

const SIGN_OF_STANDING: Readonly<Record<string, TimelineEntry['sign']>> = {
  'in-service': 'ok',
  attention: 'warning',
  stopped: 'stopped',
};

async function standings(db: Tables, span: Span): Promise<TimelineEntry[]> {
  const rows = await db
    .of<TerminalTables>()
    .selectFrom('terminal_change')
    .select(['at', 'state', 'reason'])
    .where('tenant_id', '=', span.tenantId)
    .where('terminal_id', '=', span.terminalId)
    .where('at', '>=', span.from)
    .where('at', '<', span.to)
    .orderBy('at', 'desc')
    .limit(MOST_OF_EACH)
    .execute();
  return rows.map(({ at, state, reason }) => ({
    at,
    kind: 'state',
    sign: SIGN_OF_STANDING[state] ?? 'neutral',
    what: state,
    detail: reason === null ? {} : { reason },
  }));
}

/** Measures are not told: there is one every minute, and none of them is news. */
async function said({ store, commandKindsOf }: TimelineSources, span: Span): Promise<TimelineEntry[]> {
  const rows = await store
    .of<LinkTables>()
    .selectFrom('link_entry')
    .select(['at', 'data'])
    .where('tenant_id', '=', span.tenantId)
    .where('terminal_id', '=', span.terminalId)
    .where('at', '>=', span.from)
    .where('at', '<', span.to)
    .where('kind', 'in', ['device', 'event', 'command'])
    .orderBy('at', 'desc')
    .limit(MOST_OF_EACH)
    .execute();
  const entries = rows.flatMap(({ at, data }) => {
    const read = EntryData.safeParse(JSON.parse(data));
    return read.success ? [{ at, data: read.data }] : [];
  });
  const asked = entries.flatMap(({ data }) => (data.kind === 'command' ? [data.commandId] : []));
  const kinds =
    asked.length === 0 ? new Map<string, string>() : await commandKindsOf(span.tenantId, [...new Set(asked)]);
  return entries.flatMap(({ at, data }) => lineOf(at, data, kinds) ?? []);
}

const DEVICE_SIGNS: Readonly<Record<string, TimelineEntry['sign']>> = {
  ready: 'ok',
  busy: 'neutral',
  starting: 'neutral',
  unavailable: 'stopped',
  fault: 'stopped',
};
const COMMAND_SIGNS: Readonly<Record<string, TimelineEntry['sign']>> = {
  done: 'ok',
  refused: 'warning',
  expired: 'warning',
  failed: 'stopped',
};

function lineOf(at: number, data: EntryData, kinds: ReadonlyMap<string, string>): TimelineEntry | undefined {
  if (data.kind === 'telemetry') return undefined;
  if (data.kind === 'event') {
    const sign = /refused|failed|fault/.test(data.event) ? 'warning' : 'neutral';
    return { at, kind: 'event', sign, what: data.event, detail: data.detail };
  }
  if (data.kind === 'device') {
    const { role, state, reasons } = data;
    const detail = { role, state, ...(reasons.length === 0 ? {} : { reasons: reasons.join(',') }) };
    return { at, kind: 'device', sign: DEVICE_SIGNS[state] ?? 'warning', what: state, detail };
  }
  const { commandId, state, reason } = data;
  const act = kinds.get(commandId);
  return {
    at,
    kind: 'command',
    sign: COMMAND_SIGNS[state] ?? 'neutral',
    what: act ?? state,
    detail: {
      commandId,
      state,
      ...(act === undefined ? {} : { act }),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}

/** Where a payment went well, where something was odd, and where money must go back. */
const PAYMENT_SIGNS: Readonly<Partial<Record<PaymentState, TimelineEntry['sign']>>> = {
  confirmed: 'ok',
  'activation-failed': 'warning',
  'confirmed-late': 'warning',
  duplicate: 'stopped',
  discordant: 'stopped',
  'token-unknown': 'stopped',
  rejected: 'stopped',
};

async function payments(db: Tables, span: Span): Promise<TimelineEntry[]> {
  const rows = await paymentsOfTerminal(db, { ...span, limit: MOST_OF_EACH });
  return rows.map(({ at, state, amountCents }) => ({
    at,
    kind: 'payment',
    sign: PAYMENT_SIGNS[state] ?? 'neutral',
    what: state,
    detail: amountCents === undefined ? {} : { amountCents },
  }));
}

const ALERT_SIGNS: Readonly<Record<Alert['severity'], TimelineEntry['sign']>> = {
  critical: 'stopped',
  warning: 'warning',
  info: 'neutral',
};

/** Where one began and where it healed, each if it was on that day. */
async function alerts({ alertsOf }: TimelineSources, span: Span): Promise<TimelineEntry[]> {
  const lines = (await alertsOf(span)).flatMap(({ rule, severity, openedAt, healedAt }) => {
    const line = (at: number, state: string, sign: TimelineEntry['sign']): TimelineEntry => ({
      at,
      kind: 'alert',
      sign,
      what: rule,
      detail: { severity, state },
    });
    const began = line(openedAt, 'open', ALERT_SIGNS[severity]);
    return healedAt === undefined ? [began] : [began, line(healedAt, 'healed', 'ok')];
  });
  return lines.filter(({ at }) => at >= span.from && at < span.to);
}

async function settings({ settingsChangesOf }: TimelineSources, span: Span): Promise<TimelineEntry[]> {
  return (await settingsChangesOf(span, MOST_OF_EACH)).map(({ at, layer, version, by, revertOf }) => ({
    at,
    kind: 'settings',
    sign: 'neutral',
    what: revertOf === undefined ? 'settings-written' : 'settings-reverted',
    detail: { layer, version, by, ...(revertOf === undefined ? {} : { revertOf }) },
  }));
}
