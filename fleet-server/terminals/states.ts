import { type LinkAddress, linkUser, Reported } from '@jolly/contracts/fleet-link';
import type { Tables, Transaction } from '../store/index.ts';
import { standingOf } from './rules.ts';
import type { TerminalTables } from './tables.ts';
import { type TwinState, UNKNOWN_TWIN } from './twin.ts';

type Row = TerminalTables['terminal_state'];
/** Marks that others set: they hold until they are taken away. */
export type Mark = 'maintenance' | 'suspect';

const TOGETHER = 100;

/** How a terminal is, in the words of the house. */
export interface TerminalState extends TwinState {
  readonly address: LinkAddress;
  readonly presenceAt: number;
  readonly lastSeenAt: number;
  readonly reportedAt: number | undefined;
  readonly maintenance: boolean;
  readonly suspect: boolean;
  readonly state: string;
  readonly reason: string | undefined;
  readonly since: number;
  /** False: there is no row of it yet. */
  readonly stored: boolean;
}

export function unknownState(address: LinkAddress): TerminalState {
  return {
    ...UNKNOWN_TWIN,
    address,
    presenceAt: 0,
    lastSeenAt: 0,
    reportedAt: undefined,
    maintenance: false,
    suspect: false,
    state: '',
    reason: undefined,
    since: 0,
    stored: false,
  };
}

/** By user name at the broker; who is not there is unknown. */
export async function loadStates(
  tables: Tables,
  addresses: readonly LinkAddress[],
): Promise<Map<string, TerminalState>> {
  const found = new Map<string, TerminalState>();
  for (const [tenantId, terminalIds] of byTenant(addresses)) {
    for (let at = 0; at < terminalIds.length; at += TOGETHER) {
      const rows = await tables
        .of<TerminalTables>()
        .selectFrom('terminal_state')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('terminal_id', 'in', terminalIds.slice(at, at + TOGETHER))
        .execute();
      for (const row of rows) found.set(`${row.tenant_id}/${row.terminal_id}`, stateOf(row));
    }
  }
  return found;
}

/** Every terminal that is thought to be there. */
export async function loadOnline(tables: Tables): Promise<LinkAddress[]> {
  const rows = await tables
    .of<TerminalTables>()
    .selectFrom('terminal_state')
    .select(['tenant_id', 'terminal_id'])
    .where('online', '=', 1)
    .execute();
  return rows.map((row) => ({ tenantId: row.tenant_id, terminalId: row.terminal_id }));
}

/**
 * Writes a state, and a line of the terminal's history when it stands otherwise than before. True when it does.
 */
export async function saveState(tx: Transaction, state: TerminalState, now: number): Promise<boolean> {
  const db = tx.of<TerminalTables>();
  const standing = standingOf(state);
  const reason = standing.reason?.slice(0, 60) ?? null;
  const changed = state.state !== standing.state || (state.reason ?? null) !== reason;
  const values = {
    online: Number(state.online),
    boot: state.boot ?? null,
    why: state.why ?? null,
    presence_at: state.presenceAt,
    last_seen: state.lastSeenAt,
    reported: state.reported ? JSON.stringify(state.reported) : null,
    reported_seq: state.seq,
    reported_at: state.reportedAt ?? null,
    software: state.reported?.software ?? null,
    in_session: Number(state.online && (state.reported?.inSession ?? false)),
    settings_version: state.reported?.settings.version ?? 0,
    maintenance: Number(state.maintenance),
    suspect: Number(state.suspect),
    state: standing.state,
    reason,
    since: changed ? now : state.since,
  };
  const key = { tenant_id: state.address.tenantId, terminal_id: state.address.terminalId };
  await db
    .insertInto('terminal_state')
    .values({ ...key, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'terminal_id']).doUpdateSet(values))
    .execute();
  if (!changed) return false;
  const line = { state: standing.state, reason };
  await db
    .insertInto('terminal_change')
    .values({ ...key, at: now, ...line })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'terminal_id', 'at']).doUpdateSet(line))
    .execute();
  return true;
}

/**
 * Sets or takes away a mark: while a maintenance window lasts, as long as a key is suspect. Whoever calls tells the watchers
 * (`changes.notify`) after the commit.
 */
export async function markTerminals(
  tx: Transaction,
  addresses: readonly LinkAddress[],
  mark: Mark,
  on: boolean,
  now: number,
): Promise<void> {
  const known = await loadStates(tx, addresses);
  for (const address of addresses) {
    const state = known.get(linkUser(address)) ?? unknownState(address);
    if (state[mark] !== on) await saveState(tx, { ...state, [mark]: on }, now);
  }
}

/** The key of a terminal is believed no more, or again: either way it is not there until it is welcomed anew. */
export async function markShut(
  tx: Transaction,
  address: LinkAddress,
  suspect: boolean,
  now: number,
): Promise<void> {
  const state = (await loadStates(tx, [address])).get(linkUser(address)) ?? unknownState(address);
  if (!state.online && state.suspect === suspect) return;
  const gone = state.online ? ({ online: false, why: 'lost', presenceAt: now } as const) : {};
  await saveState(tx, { ...state, ...gone, suspect }, now);
}

/** When each was last heard; many at once, because everybody is heard every minute. */
export async function saveLastSeen(
  tables: Tables,
  addresses: readonly LinkAddress[],
  at: number,
): Promise<void> {
  for (const [tenantId, terminalIds] of byTenant(addresses)) {
    for (let from = 0; from < terminalIds.length; from += TOGETHER) {
      await tables
        .of<TerminalTables>()
        .updateTable('terminal_state')
        .set({ last_seen: at })
        .where('tenant_id', '=', tenantId)
        .where('terminal_id', 'in', terminalIds.slice(from, from + TOGETHER))
        .where('last_seen', '<', at)
        .execute();
    }
  }
}

function byTenant(addresses: readonly LinkAddress[]): Map<string, string[]> {
  const tenants = new Map<string, string[]>();
  for (const { tenantId, terminalId } of addresses) {
    const terminals = tenants.get(tenantId);
    if (terminals) terminals.push(terminalId);
    else tenants.set(tenantId, [terminalId]);
  }
  return tenants;
}

function stateOf(row: Row): TerminalState {
  return {
    address: { tenantId: row.tenant_id, terminalId: row.terminal_id },
    online: row.online === 1,
    boot: row.boot ?? undefined,
    why: (row.why as TwinState['why'] | null) ?? undefined,
    presenceAt: row.presence_at,
    lastSeenAt: row.last_seen,
    reported: readReported(row.reported),
    seq: row.reported_seq,
    reportedAt: row.reported_at ?? undefined,
    maintenance: row.maintenance === 1,
    suspect: row.suspect === 1,
    state: row.state,
    reason: row.reason ?? undefined,
    since: row.since,
    stored: true,
  };
}

/** What an older server wrote and this one cannot read is not known: it is asked for again. */
export function readReported(text: string | null): Reported | undefined {
  if (text === null) return undefined;
  const read = Reported.safeParse(JSON.parse(text));
  return read.success ? read.data : undefined;
}
