import type { LayerDocuments } from '@jolly/contracts/twin';
import { CENTRE } from '../audit/index.ts';
import type { IdentityTables } from '../identity/index.ts';
import type { SiteTables } from '../sites/index.ts';
import type { Tables } from '../store/index.ts';
import { readStored } from './document.ts';
import type { TwinTables } from './tables.ts';

type PlaceTables = IdentityTables & SiteTables;

export interface LayerKey {
  /** `CENTRE` for what the service centre says to all municipalities. */
  readonly tenantId: string;
  readonly layer: 'centre' | 'municipality' | 'site' | 'terminal';
  readonly id: string;
}

/** A terminal and where it stands. */
export interface Placed {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly siteId: string | undefined;
}
export type Address = Pick<Placed, 'tenantId' | 'terminalId'>;

export async function isPlace(db: Tables, { tenantId, layer, id }: LayerKey): Promise<boolean> {
  if (layer === 'centre') return tenantId === CENTRE && id === 'centre';
  if (layer === 'municipality') return tenantId === id;
  if (layer === 'terminal') return (await placeOf(db, { tenantId, terminalId: id })) !== undefined;
  const site = await db
    .of<PlaceTables>()
    .selectFrom('site')
    .select('site_id')
    .where('tenant_id', '=', tenantId)
    .where('site_id', '=', id)
    .executeTakeFirst();
  return site !== undefined;
}

export async function placeOf(db: Tables, { tenantId, terminalId }: Address): Promise<Placed | undefined> {
  const row = await db
    .of<PlaceTables>()
    .selectFrom('terminal')
    .select(['tenant_id', 'terminal_id', 'site_id'])
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .executeTakeFirst();
  return row && placed(row);
}

/** The next terminals for which a layer holds, in the order of their addresses; none that is taken out for good. */
export async function placesAfter(
  db: Tables,
  key: LayerKey,
  after: Address,
  limit: number,
): Promise<Placed[]> {
  let query = db
    .of<PlaceTables>()
    .selectFrom('terminal')
    .select(['tenant_id', 'terminal_id', 'site_id'])
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('tenant_id', 'terminal_id'), '>', tuple(after.tenantId, after.terminalId)),
    )
    .where('status', '<>', 'decommissioned')
    .orderBy('tenant_id')
    .orderBy('terminal_id')
    .limit(limit);
  if (key.layer !== 'centre') query = query.where('tenant_id', '=', key.tenantId);
  if (key.layer === 'site') query = query.where('site_id', '=', key.id);
  if (key.layer === 'terminal') query = query.where('terminal_id', '=', key.id);
  return (await query.execute()).map(placed);
}

/** What the layers of these terminals say, in one question. */
export async function layersOf(
  db: Tables,
  places: readonly Placed[],
): Promise<(place: Placed) => LayerDocuments> {
  const tenants = new Set(places.map(({ tenantId }) => tenantId));
  const ids = new Set(
    places.flatMap(({ tenantId, siteId, terminalId }) => [tenantId, terminalId, ...(siteId ? [siteId] : [])]),
  );
  const rows = await db
    .of<TwinTables>()
    .selectFrom('settings_layer')
    .select(['tenant_id', 'layer', 'layer_id', 'document'])
    .where('tenant_id', 'in', [CENTRE, ...tenants])
    .where('layer_id', 'in', ['centre', ...ids])
    .execute();
  const said = new Map(rows.map((row) => [nameOf(row.tenant_id, row.layer, row.layer_id), row.document]));
  const read = new Map<string, ReturnType<typeof readStored>>();
  const document = (name: string) => {
    const text = said.get(name);
    if (text === undefined) return undefined;
    const known = read.get(name) ?? readStored(text);
    read.set(name, known);
    return known;
  };
  return ({ tenantId, siteId, terminalId }) => {
    const centre = document(nameOf(CENTRE, 'centre', 'centre'));
    const municipality = document(nameOf(tenantId, 'municipality', tenantId));
    const site = siteId === undefined ? undefined : document(nameOf(tenantId, 'site', siteId));
    const terminal = document(nameOf(tenantId, 'terminal', terminalId));
    return {
      ...(centre ? { centre } : {}),
      ...(municipality ? { municipality } : {}),
      ...(site ? { site } : {}),
      ...(terminal ? { terminal } : {}),
    };
  };
}

const nameOf = (tenantId: string, layer: string, id: string): string => `${tenantId}/${layer}/${id}`;

const placed = (row: Pick<PlaceTables['terminal'], 'tenant_id' | 'terminal_id' | 'site_id'>): Placed => ({
  tenantId: row.tenant_id,
  terminalId: row.terminal_id,
  siteId: row.site_id ?? undefined,
});
