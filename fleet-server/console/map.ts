import { type FleetMap, TerminalStanding } from '@jolly/contracts/fleet-api';
import type { Store } from '../store/index.ts';
import type { FleetTables } from './tables.ts';

export interface MapSources {
  readonly store: Store;
  readonly clock: { now(): number };
  /** The municipality's limit, where its settings have one. */
  readonly outlineOf: (tenantId: string) => Pick<FleetMap, 'outline' | 'attribution'>;
}

/** Every terminal that has a place on the map, in one question. */
export async function fleetMap({ store, clock, outlineOf }: MapSources, tenantId: string): Promise<FleetMap> {
  const rows = await store
    .of<FleetTables>()
    .selectFrom('terminal')
    .innerJoin('site', (join) =>
      join.onRef('site.tenant_id', '=', 'terminal.tenant_id').onRef('site.site_id', '=', 'terminal.site_id'),
    )
    .leftJoin('terminal_state as state', (join) =>
      join
        .onRef('state.tenant_id', '=', 'terminal.tenant_id')
        .onRef('state.terminal_id', '=', 'terminal.terminal_id'),
    )
    .select(['terminal.terminal_id', 'site.lat', 'site.lon', 'state.state'])
    .where('terminal.tenant_id', '=', tenantId)
    .where('terminal.status', '<>', 'decommissioned')
    .where('site.lat', 'is not', null)
    .where('site.lon', 'is not', null)
    .orderBy('terminal.terminal_id')
    .execute();
  const points = rows.flatMap(({ terminal_id, lat, lon, state }): FleetMap['points'] =>
    lat === null || lon === null
      ? []
      : [[terminal_id, lat, lon, state === null ? 'stopped' : TerminalStanding.parse(state)]],
  );
  return { at: clock.now(), points, ...outlineOf(tenantId) };
}
