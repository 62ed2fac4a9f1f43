import type { MaintenanceWindow } from '@jolly/contracts/fleet-api';
import type { Tables } from '../store/index.ts';
import type { AlertTables } from './tables.ts';

type Row = AlertTables['maintenance_window'];

/** Windows of a municipality that are not over; those of one terminal when its site and id are given. */
export async function openWindows(db: Tables, tenantId: string, now: number): Promise<MaintenanceWindow[]> {
  const rows = await db
    .of<AlertTables>()
    .selectFrom('maintenance_window')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('ends_at', '>', now)
    .orderBy('starts_at')
    .execute();
  return rows.map(windowOf);
}

/** Whether a terminal is in maintenance at an instant. */
export function inMaintenance(
  windows: readonly MaintenanceWindow[],
  terminal: { readonly terminalId: string; readonly siteId: string | undefined },
  now: number,
): boolean {
  return windows.some(({ scope, from, to }) => {
    if (now < from || now >= to) return false;
    if (scope.kind === 'municipality') return true;
    return scope.kind === 'site'
      ? scope.siteId === terminal.siteId
      : scope.terminalId === terminal.terminalId;
  });
}

export function windowOf(row: Row): MaintenanceWindow {
  return {
    windowId: row.window_id,
    scope: scopeOf(row),
    from: row.starts_at,
    to: row.ends_at,
    reason: row.reason,
    by: row.created_by,
  };
}

function scopeOf({ scope, scope_id }: Row): MaintenanceWindow['scope'] {
  if (scope === 'site') return { kind: 'site', siteId: scope_id };
  return scope === 'terminal' ? { kind: 'terminal', terminalId: scope_id } : { kind: 'municipality' };
}

export function rowOf(tenantId: string, window: MaintenanceWindow): Row {
  const { scope } = window;
  return {
    tenant_id: tenantId,
    window_id: window.windowId,
    scope: scope.kind,
    scope_id: scope.kind === 'site' ? scope.siteId : scope.kind === 'terminal' ? scope.terminalId : '',
    starts_at: window.from,
    ends_at: window.to,
    reason: window.reason,
    created_by: window.by,
  };
}
