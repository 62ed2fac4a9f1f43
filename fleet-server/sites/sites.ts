import { CONSOLE_API, Site, SiteWrite } from '@jolly/contracts/fleet-api';
import { type Clock, Uuid, uuidv7 } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Audit } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, type IdentityTables, personOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import type { SiteTables } from './tables.ts';

export interface SiteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly audit: Audit;
  readonly gate: ConsoleGate;
}

const siteOf = (row: SiteTables['site']): Site => ({
  siteId: row.site_id,
  name: row.name,
  address: row.address,
  ...(row.lat === null ? {} : { lat: row.lat }),
  ...(row.lon === null ? {} : { lon: row.lon }),
});

const rowOf = (site: SiteWrite) => ({
  name: site.name,
  address: site.address,
  lat: site.lat ?? null,
  lon: site.lon ?? null,
});

/** Sites of one municipality, by name. */
export async function listSites(tables: Tables, tenantId: string): Promise<Site[]> {
  const rows = await tables
    .of<SiteTables>()
    .selectFrom('site')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('name')
    .orderBy('site_id')
    .execute();
  return rows.map(siteOf);
}

/** Throws SITE_UNKNOWN when this municipality has none such. */
export async function mustFindSite(tables: Tables, tenantId: string, siteId: string): Promise<Site> {
  const row = await tables
    .of<SiteTables>()
    .selectFrom('site')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  if (!row) throw fail('SITE_UNKNOWN');
  return siteOf(row);
}

/** The site of that name, made where there is none. */
export async function siteNamed(
  tx: Transaction,
  clock: Pick<Clock, 'now'>,
  tenantId: string,
  name: string,
): Promise<Site> {
  const known = (await listSites(tx, tenantId)).find((site) => site.name === name);
  return known ?? addSite(tx, clock, tenantId, { name, address: '' });
}

async function addSite(
  tx: Transaction,
  clock: Pick<Clock, 'now'>,
  tenantId: string,
  site: SiteWrite,
): Promise<Site> {
  const siteId = uuidv7(clock.now());
  await tx
    .of<SiteTables>()
    .insertInto('site')
    .values({ tenant_id: tenantId, site_id: siteId, ...rowOf(site) })
    .execute();
  return { siteId, ...site };
}

/** Puts a terminal there; its name follows, for whoever reads only that. */
export async function placeTerminal(
  tx: Transaction,
  who: { readonly tenantId: string; readonly terminalId: string },
  site: Site | undefined,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .of<IdentityTables>()
    .updateTable('terminal')
    .set({ site_id: site?.siteId ?? null, site: site?.name ?? '' })
    .where('tenant_id', '=', who.tenantId)
    .where('terminal_id', '=', who.terminalId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw fail('TERMINAL_UNKNOWN');
}

/** To be registered behind the console session. */
export function siteRoutes(app: Http, { store, clock, changes, audit, gate }: SiteOptions): void {
  const path = `${CONSOLE_API}/sites`;
  const tags = ['console'];
  app.get(
    path,
    { onRequest: gate.needs('fleet.read'), schema: { response: { 200: z.array(Site) }, tags } },
    (request) => listSites(store, personOf(request).tenantId),
  );
  app.post(
    path,
    {
      onRequest: gate.needs('enrolment.write'),
      schema: { body: SiteWrite, response: { 200: Site }, tags },
    },
    async (request) => {
      const { tenantId, user } = personOf(request);
      const made = await store.transaction(async (tx) => {
        const site = await addSite(tx, clock, tenantId, request.body);
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'site-added',
          subject: site.siteId,
          detail: { name: site.name },
        });
        return site;
      });
      changes.notify(tenantId, 'terminals');
      return made;
    },
  );
  app.put(
    `${path}/:id`,
    {
      onRequest: gate.needs('enrolment.write'),
      schema: { params: z.object({ id: Uuid }), body: SiteWrite, response: { 200: Site }, tags },
    },
    async (request) => {
      const { tenantId, user } = personOf(request);
      const siteId = request.params.id;
      const { body } = request;
      await store.transaction(async (tx) => {
        const before = await mustFindSite(tx, tenantId, siteId);
        await tx
          .of<SiteTables>()
          .updateTable('site')
          .set(rowOf(body))
          .where('tenant_id', '=', tenantId)
          .where('site_id', '=', siteId)
          .execute();
        await tx
          .of<IdentityTables>()
          .updateTable('terminal')
          .set({ site: body.name })
          .where('tenant_id', '=', tenantId)
          .where('site_id', '=', siteId)
          .execute();
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'site-changed',
          subject: siteId,
          detail: { name: body.name, before: before.name },
        });
      });
      changes.notify(tenantId, 'terminals');
      return { siteId, ...body };
    },
  );
}
