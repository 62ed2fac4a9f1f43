import type { IdentityTables } from '../identity/index.ts';
import { failedPayments, waitingOutcomes } from '../payments/index.ts';
import type { SiteTables } from '../sites/index.ts';
import type { PublicTerminal } from '../status-page/index.ts';
import type { Tables } from '../store/index.ts';
import { readReported, type TerminalTables } from '../terminals/index.ts';
import type { AlertSources, KnownTerminal } from './desk.ts';
import type { Terminal } from './records.ts';

type All = IdentityTables & SiteTables & TerminalTables;
/** Those that belong to the fleet now: not revoked, not taken out. */
const OURS = ['enrolled', 'suspect'] as const;

export interface Place {
  readonly terminalId: string;
  readonly siteId: string | undefined;
  /** Stands as in maintenance now. */
  readonly marked: boolean;
}

/** What the alerts know of the fleet, read from the tables of link, enrolment, sites and payments. */
export interface FleetOfAlerts extends AlertSources {
  /** Every terminal where a window may hold, else only those that are marked. */
  places(db: Tables, tenantId: string, all: boolean): Promise<readonly Place[]>;
  siteOf(db: Tables, terminal: Terminal): Promise<string>;
  publicTerminals(db: Tables, tenantId: string): Promise<readonly PublicTerminal[]>;
}

export function alertSources(): FleetOfAlerts {
  return {
    async terminal(db, { tenantId, terminalId }) {
      const row = await known(db, tenantId).where('terminal.terminal_id', '=', terminalId).executeTakeFirst();
      return row && knownOf(row);
    },
    async doubtful(db, tenantId) {
      const rows = await known(db, tenantId)
        .where((where) => where.or([where('state.online', '=', 0), where('state.suspect', '=', 1)]))
        .execute();
      return rows.map(knownOf);
    },
    payments: (db, tenantId, since) => failedPayments(db, tenantId, since),
    backlog: (db, tenantId) => waitingOutcomes(db, tenantId),
    async places(db, tenantId, all) {
      let query = db
        .of<All>()
        .selectFrom('terminal')
        .leftJoin('terminal_state as state', (join) =>
          join
            .onRef('state.tenant_id', '=', 'terminal.tenant_id')
            .onRef('state.terminal_id', '=', 'terminal.terminal_id'),
        )
        .select(['terminal.terminal_id', 'terminal.site_id', 'state.maintenance'])
        .where('terminal.tenant_id', '=', tenantId)
        .where('terminal.status', 'in', OURS);
      if (!all) query = query.where('state.maintenance', '=', 1);
      return (await query.execute()).map((row) => ({
        terminalId: row.terminal_id,
        siteId: row.site_id ?? undefined,
        marked: row.maintenance === 1,
      }));
    },
    async siteOf(db, { tenantId, terminalId }) {
      const row = await db
        .of<All>()
        .selectFrom('terminal')
        .select('site')
        .where('tenant_id', '=', tenantId)
        .where('terminal_id', '=', terminalId)
        .executeTakeFirst();
      return row?.site ?? '';
    },
    async publicTerminals(db, tenantId) {
      const rows = await known(db, tenantId)
        .leftJoin('site', (join) =>
          join
            .onRef('site.tenant_id', '=', 'terminal.tenant_id')
            .onRef('site.site_id', '=', 'terminal.site_id'),
        )
        .select([
          'terminal.site as plain',
          'site.name',
          'site.address',
          'site.lat',
          'site.lon',
          'state.maintenance',
        ])
        .execute();
      return rows.map((row) => ({
        site: {
          name: row.name ?? row.plain,
          address: row.address ?? '',
          ...(row.lat === null ? {} : { lat: row.lat }),
          ...(row.lon === null ? {} : { lon: row.lon }),
        },
        online: row.online === 1,
        maintenance: row.maintenance === 1,
        reported: readReported(row.reported),
      }));
    },
  };
}

const known = (db: Tables, tenantId: string) =>
  db
    .of<All>()
    .selectFrom('terminal')
    .leftJoin('terminal_state as state', (join) =>
      join
        .onRef('state.tenant_id', '=', 'terminal.tenant_id')
        .onRef('state.terminal_id', '=', 'terminal.terminal_id'),
    )
    .select([
      'terminal.terminal_id',
      'terminal.site_id',
      'terminal.status',
      'state.online',
      'state.presence_at',
      'state.reported',
    ])
    .where('terminal.tenant_id', '=', tenantId)
    .where('terminal.status', 'in', OURS);

interface Row {
  readonly terminal_id: string;
  readonly site_id: string | null;
  readonly status: string;
  readonly online: number | null;
  readonly presence_at: number | null;
  readonly reported: string | null;
}

const knownOf = (row: Row): KnownTerminal => ({
  terminalId: row.terminal_id,
  siteId: row.site_id ?? undefined,
  online: row.online === 1,
  // one that was never there is awaited, not missed
  offlineSince: row.online === 0 && row.presence_at ? row.presence_at : undefined,
  suspect: row.status === 'suspect',
  reported: readReported(row.reported),
});
