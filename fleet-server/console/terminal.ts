import type { TerminalDetail } from '@jolly/contracts/fleet-api';
import { boundsOfDay, dayOf, localTimeOf } from '../calendar/index.ts';
import { fingerprintOf } from '../enrolment/index.ts';
import { collectedBetween } from '../payments/index.ts';
import { fail } from '../problems/index.ts';
import { readReported } from '../terminals/index.ts';
import { type FleetSources, fleetRow } from './fleet.ts';
import type { FleetTables } from './tables.ts';

interface Address {
  readonly tenantId: string;
  readonly terminalId: string;
}

export interface TerminalSources extends FleetSources {
  /** Which settings it is told, has, or refused. */
  readonly settingsOf: (terminal: Address) => Promise<TerminalDetail['settings']>;
  readonly forecastsOf: (terminal: Address) => Promise<TerminalDetail['forecasts']>;
}

/** One terminal's page. Throws NOT_FOUND: another municipality's is as unknown as one that never was. */
export async function terminalDetail(sources: TerminalSources, terminal: Address): Promise<TerminalDetail> {
  const { tenantId, terminalId } = terminal;
  const row = await fleetRow(sources, tenantId, terminalId);
  const known = await sources.store
    .of<FleetTables>()
    .selectFrom('terminal')
    .leftJoin('terminal_state as state', (join) =>
      join
        .onRef('state.tenant_id', '=', 'terminal.tenant_id')
        .onRef('state.terminal_id', '=', 'terminal.terminal_id'),
    )
    .leftJoin('site', (join) =>
      join.onRef('site.tenant_id', '=', 'terminal.tenant_id').onRef('site.site_id', '=', 'terminal.site_id'),
    )
    .select(['enrolled_at', 'status', 'serial', 'public_key', 'key_since'])
    .select(['state.reported', 'state.reported_at'])
    .select(['site.site_id', 'site.name', 'site.address', 'site.lat', 'site.lon'])
    .where('terminal.tenant_id', '=', tenantId)
    .where('terminal.terminal_id', '=', terminalId)
    .executeTakeFirst();
  if (!row || !known) throw fail('NOT_FOUND');
  const reported = readReported(known.reported);
  return {
    row,
    ...(known.site_id === null
      ? {}
      : {
          site: {
            siteId: known.site_id,
            name: known.name ?? '',
            address: known.address ?? '',
            ...(known.lat === null || known.lon === null ? {} : { lat: known.lat, lon: known.lon }),
          },
        }),
    ...(reported ? { reported } : {}),
    ...(known.reported_at === null ? {} : { reportedAt: known.reported_at }),
    enrolment: {
      enrolledAt: known.enrolled_at,
      status: known.status,
      ...(known.serial === null ? {} : { serial: known.serial }),
      fingerprint: fingerprintOf(known.public_key),
      keySince: known.key_since,
    },
    settings: await sources.settingsOf(terminal),
    forecasts: await sources.forecastsOf(terminal),
    today: await todayOf(sources, terminal),
  };
}

/** What was collected today, by the hour on the place's wall: on the day on which one hour comes twice, both are in one. */
async function todayOf(
  { store, clock, timeZoneOf }: FleetSources,
  terminal: Address,
): Promise<TerminalDetail['today']> {
  const zone = timeZoneOf(terminal.tenantId);
  const paid = await collectedBetween(store, { ...terminal, ...boundsOfDay(dayOf(clock.now(), zone), zone) });
  const byHour = Array.from({ length: 24 }, () => 0);
  for (const { chargedAt } of paid) {
    const hour = Number(localTimeOf(chargedAt, zone).slice(11, 13));
    byHour[hour] = (byHour[hour] ?? 0) + 1;
  }
  return { payments: paid.length, byHour };
}
