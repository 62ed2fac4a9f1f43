import { CENTRE } from '../audit/index.ts';
import type { Tables } from '../store/index.ts';
import { type Address, placeOf } from './places.ts';
import type { TwinTables } from './tables.ts';

/** What was said in a time span [from, to) by the layers that hold for a terminal where it stands now, newest first. */
export async function settingsChangesOf(
  db: Tables,
  of: Address & { readonly from: number; readonly to: number },
  limit: number,
) {
  const place = await placeOf(db, of);
  if (!place) return [];
  const { tenantId, terminalId, siteId } = place;
  const rows = await db
    .of<TwinTables>()
    .selectFrom('settings_version')
    .select(['at', 'layer', 'version', 'author', 'revert_of'])
    .where(({ eb, or, and }) => {
      const layer = (tenant: string, name: string, id: string) =>
        and([eb('tenant_id', '=', tenant), eb('layer', '=', name), eb('layer_id', '=', id)]);
      return or([
        layer(CENTRE, 'centre', 'centre'),
        layer(tenantId, 'municipality', tenantId),
        layer(tenantId, 'terminal', terminalId),
        ...(siteId === undefined ? [] : [layer(tenantId, 'site', siteId)]),
      ]);
    })
    .where('at', '>=', of.from)
    .where('at', '<', of.to)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    at: row.at,
    layer: row.layer,
    version: row.version,
    by: row.author,
    revertOf: row.revert_of ?? undefined,
  }));
}
