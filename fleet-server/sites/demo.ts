import type { SiteWrite } from '@jolly/contracts/fleet-api';
import { type Clock, uuidv7 } from '@jolly/contracts/values';
import type { IdentityTables } from '../identity/index.ts';
import type { Store } from '../store/index.ts';
import type { SiteTables } from './tables.ts';

export interface DemoSites {
  /** Makes those that are not there yet. */
  make(): Promise<void>;
  /** A terminal of the demo enrols with the name of its site only: it is put there. False when it stands somewhere, or nowhere known. */
  place(terminal: { readonly tenantId: string; readonly terminalId: string }): Promise<boolean>;
}

/** The sites of the demo's settings, by name. */
export function demoSites(parts: {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly tenantId: string;
  readonly sites: readonly SiteWrite[];
}): DemoSites {
  const { store, clock, tenantId, sites } = parts;
  return {
    make: () =>
      store.transaction(async (tx) => {
        const db = tx.of<SiteTables>();
        const rows = await db.selectFrom('site').select('name').where('tenant_id', '=', tenantId).execute();
        const known = new Set(rows.map(({ name }) => name));
        for (const { name, address, lat = null, lon = null } of sites) {
          if (known.has(name)) continue;
          const site = { site_id: uuidv7(clock.now()), name, address, lat, lon };
          await db
            .insertInto('site')
            .values({ tenant_id: tenantId, ...site })
            .execute();
        }
      }),
    place: (terminal) =>
      store.transaction(async (tx) => {
        const db = tx.of<IdentityTables & SiteTables>();
        const found = await db
          .selectFrom('terminal')
          .innerJoin('site', (join) =>
            join.onRef('site.tenant_id', '=', 'terminal.tenant_id').onRef('site.name', '=', 'terminal.site'),
          )
          .select('site.site_id')
          .where('terminal.tenant_id', '=', terminal.tenantId)
          .where('terminal.terminal_id', '=', terminal.terminalId)
          .where('terminal.site_id', 'is', null)
          .executeTakeFirst();
        if (!found) return false;
        await db
          .updateTable('terminal')
          .set({ site_id: found.site_id })
          .where('tenant_id', '=', terminal.tenantId)
          .where('terminal_id', '=', terminal.terminalId)
          .execute();
        return true;
      }),
  };
}
