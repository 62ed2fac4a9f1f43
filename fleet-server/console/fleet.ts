import { type FleetPage, type FleetQuery, type FleetRow, TerminalStanding } from '@jolly/contracts/fleet-api';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import { boundsOfDay, dayOf } from '../calendar/index.ts';
import { countCollected } from '../payments/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import type { FleetTables } from './tables.ts';

/** What the fleet's pages ask of other capabilities. */
export interface FleetSources {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly timeZoneOf: (tenantId: string) => string;
  /** Open alerts of every terminal that has any. */
  readonly openAlertsOf: (tenantId: string) => Promise<ReadonlyMap<string, number>>;
}

export const WORST_FIRST: readonly TerminalStanding[] = ['stopped', 'attention', 'maintenance', 'in-service'];
type Query = z.output<typeof FleetQuery>;

interface Place {
  readonly state: TerminalStanding;
  readonly terminalId: string;
}

/**
 * A page of the fleet, worst first, then by id. Each standing is one walk along an index from where the page before ended: the last page of
 * 15,000 costs what the first does.
 */
export async function fleetPage(sources: FleetSources, tenantId: string, query: Query): Promise<FleetPage> {
  const { store, clock } = sources;
  const after = readCursor(query.after);
  const from = after ? WORST_FIRST.indexOf(after.state) : 0;
  const db = store.of<FleetTables>();
  const counts = await countStandings(db, tenantId);
  const found: StandingRow[] = [];
  for (const [index, state] of WORST_FIRST.entries()) {
    const missing = query.limit + 1 - found.length;
    if (index < from || missing <= 0 || (query.state !== undefined && query.state !== state)) continue;
    if (counts.byState[state] === 0) continue;
    const walk = {
      tenantId,
      state,
      search: query.search?.trim() ?? '',
      after: index === from && after ? after.terminalId : '',
      limit: missing,
    };
    // Who was never heard stands with the stopped ones; nearly always there is nobody to look for.
    const silent = state === 'stopped' && counts.silent > 0;
    found.push(...(await (silent ? stoppedRows(db, walk) : standingRows(db, walk))));
  }
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    at: clock.now(),
    counts: counts.byState,
    rows: await withCounts(sources, tenantId, page),
    ...(found.length > query.limit && last ? { next: `${last.state}_${last.terminal_id}` } : {}),
  };
}

/** One terminal as the list shows it, also one that was taken out: its history stays. Undefined when it is none of the tenant's. */
export async function fleetRow(
  sources: FleetSources,
  tenantId: string,
  terminalId: string,
): Promise<FleetRow | undefined> {
  const rows = await fleetColumns(sources.store.of<FleetTables>(), tenantId)
    .where('terminal.terminal_id', '=', terminalId)
    .execute();
  const [row] = await withCounts(sources, tenantId, rows.map(standing));
  return row;
}

const CURSOR = /^([a-z-]{1,20})_([A-Za-z0-9][A-Za-z0-9-]{0,39})$/;

function readCursor(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined;
  const [, word, terminalId] = CURSOR.exec(text) ?? [];
  const state = WORST_FIRST.find((each) => each === word);
  if (!state || terminalId === undefined) throw fail('BODY_INVALID');
  return { state, terminalId };
}

interface Counts {
  readonly byState: Record<TerminalStanding, number>;
  /** Taken in, and never heard. */
  readonly silent: number;
}

/** How many stand how, of those that are not taken out for good. Three walks along indexes; no row is read. */
async function countStandings(db: Kysely<FleetTables>, tenantId: string): Promise<Counts> {
  const known = await db
    .selectFrom('terminal_state')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenantId)
    .groupBy('state')
    .execute();
  const { all } = await db
    .selectFrom('terminal')
    .select((eb) => eb.fn.countAll<number>().as('all'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  const gone = await db
    .selectFrom('terminal')
    .leftJoin('terminal_state', (join) =>
      join
        .onRef('terminal_state.tenant_id', '=', 'terminal.tenant_id')
        .onRef('terminal_state.terminal_id', '=', 'terminal.terminal_id'),
    )
    .select((eb) => ['terminal_state.state', eb.fn.countAll<number>().as('count')])
    .where('terminal.tenant_id', '=', tenantId)
    .where('terminal.status', '=', 'decommissioned')
    .groupBy('terminal_state.state')
    .execute();
  const byState = { 'in-service': 0, attention: 0, stopped: 0, maintenance: 0 };
  let silent = Number(all);
  for (const { state, count } of known) {
    byState[TerminalStanding.parse(state)] += Number(count);
    silent -= Number(count);
  }
  for (const { state, count } of gone) {
    if (state === null) silent -= Number(count);
    else byState[TerminalStanding.parse(state)] -= Number(count);
  }
  byState.stopped += silent;
  return { byState, silent };
}

interface StandingRow {
  readonly terminal_id: string;
  readonly site_id: string | null;
  readonly site: string;
  readonly state: TerminalStanding;
  readonly reason: string | null;
  readonly since: number | null;
  readonly online: number | null;
  readonly last_seen: number | null;
  readonly software: string | null;
  readonly in_session: number | null;
}

interface Walk {
  readonly tenantId: string;
  readonly state: TerminalStanding;
  readonly search: string;
  readonly after: string;
  readonly limit: number;
}

/** The columns of a row, of every terminal of a tenant. */
function fleetColumns(db: Kysely<FleetTables>, tenantId: string) {
  return db
    .selectFrom('terminal')
    .leftJoin('terminal_state', (join) =>
      join
        .onRef('terminal_state.tenant_id', '=', 'terminal.tenant_id')
        .onRef('terminal_state.terminal_id', '=', 'terminal.terminal_id'),
    )
    .leftJoin('site', (join) =>
      join.onRef('site.tenant_id', '=', 'terminal.tenant_id').onRef('site.site_id', '=', 'terminal.site_id'),
    )
    .select([
      'terminal.terminal_id',
      'terminal.site_id',
      'terminal.site',
      'terminal.status',
      'site.name as site_name',
      'terminal_state.state',
      'terminal_state.reason',
      'terminal_state.since',
      'terminal_state.online',
      'terminal_state.last_seen',
      'terminal_state.software',
      'terminal_state.in_session',
    ])
    .where('terminal.tenant_id', '=', tenantId);
}

type Columns = Awaited<ReturnType<ReturnType<typeof fleetColumns>['execute']>>[number];

async function standingRows(db: Kysely<FleetTables>, walk: Walk): Promise<StandingRow[]> {
  const rows = await searched(fleetColumns(db, walk.tenantId), walk.search)
    .where('terminal_state.tenant_id', '=', walk.tenantId)
    .where('terminal_state.state', '=', walk.state)
    .where('terminal_state.terminal_id', '>', walk.after)
    .orderBy('terminal_state.terminal_id')
    .limit(walk.limit)
    .execute();
  return rows.map(standing);
}

/** With those who were never heard: a walk through the whole fleet. */
async function stoppedRows(db: Kysely<FleetTables>, walk: Walk): Promise<StandingRow[]> {
  const rows = await searched(fleetColumns(db, walk.tenantId), walk.search)
    .where((eb) =>
      eb.or([eb('terminal_state.state', '=', walk.state), eb('terminal_state.state', 'is', null)]),
    )
    .where('terminal.terminal_id', '>', walk.after)
    .orderBy('terminal.terminal_id')
    .limit(walk.limit)
    .execute();
  return rows.map(standing);
}

/** Who is not taken out for good, and where in id, site or address. SQLite knows capital letters only of English: the words are also looked for with theirs as they are. */
function searched(query: ReturnType<typeof fleetColumns>, search: string) {
  const listed = query.where('terminal.status', '<>', 'decommissioned');
  if (search === '') return listed;
  const escaped = search.replace(/[!%_]/g, (sign) => `!${sign}`);
  const english = escaped.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const patterns = [...new Set([escaped.toLowerCase(), english])].map((words) => `%${words}%`);
  const columns = ['terminal.terminal_id', 'terminal.site', 'site.name', 'site.address'];
  return listed.where(({ or }) =>
    or(
      patterns.flatMap((pattern) =>
        columns.map((column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '!'`),
      ),
    ),
  );
}

function standing(row: Columns): StandingRow {
  const state = row.state === null ? 'stopped' : TerminalStanding.parse(row.state);
  // it does not answer because staff shut it out
  const shutOut = row.status === 'revoked' && state === 'stopped';
  const reason = row.state === null ? 'offline' : row.reason;
  return { ...row, site: row.site_name ?? row.site, state, reason: shutOut ? 'revoked' : reason };
}

async function withCounts(
  { store, clock, timeZoneOf, openAlertsOf }: FleetSources,
  tenantId: string,
  rows: readonly StandingRow[],
): Promise<FleetRow[]> {
  if (rows.length === 0) return [];
  const zone = timeZoneOf(tenantId);
  const now = clock.now();
  const terminals = rows.map(({ terminal_id }) => terminal_id);
  const paid = await countCollected(store, { tenantId, ...boundsOfDay(dayOf(now, zone), zone), terminals });
  const alerts = await openAlertsOf(tenantId);
  return rows.map((row): FleetRow => {
    const online = row.online === 1;
    // who is there is seen now, however little there is to say
    const lastSeenAt = online ? now : row.last_seen;
    return {
      terminalId: row.terminal_id,
      ...(row.site_id === null ? {} : { siteId: row.site_id }),
      site: row.site,
      state: row.state,
      ...(row.reason === null ? {} : { reason: row.reason }),
      ...(row.since === null ? {} : { since: row.since }),
      online,
      ...(lastSeenAt === null ? {} : { lastSeenAt }),
      ...(row.software === null ? {} : { software: row.software }),
      inSession: row.in_session === 1,
      paymentsToday: paid.get(row.terminal_id) ?? 0,
      openAlerts: alerts.get(row.terminal_id) ?? 0,
    };
  });
}
