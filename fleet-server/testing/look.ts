import type { CommandTables } from '../commands/index.ts';
import type { EnrolmentTables } from '../enrolment/index.ts';
import type { IdentityTables } from '../identity/index.ts';
import type { LinkTables } from '../link/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, StoreSettings } from '../store/index.ts';
import type { TwinTables } from '../twin/index.ts';

type Seen = Pick<LinkTables, 'link_entry'> &
  Pick<CommandTables, 'command'> &
  Pick<TwinTables, 'terminal_settings'> &
  Pick<IdentityTables, 'terminal'> &
  Pick<EnrolmentTables, 'tenant_ca'>;

/** The store of a server that runs in a process of its own, read beside it. */
export async function lookInto(dataDir: string, url?: string) {
  const store = await openStore({ dataDir, store: StoreSettings.parse({ url, poolSize: 3 }) }, allMigrations);
  const db = store.of<Seen>();
  return {
    close: () => store.close(),
    /** `terminal word` of every event that terminals sent under these words. */
    async events(): Promise<string[]> {
      const rows = await db
        .selectFrom('link_entry')
        .select(['terminal_id', 'data'])
        .where('kind', '=', 'event')
        .execute();
      return rows.map(
        ({ terminal_id, data }) => `${terminal_id} ${(JSON.parse(data) as { event: string }).event}`,
      );
    },
    /** Terminals of which something was stored since then. */
    async heardSince(at: number): Promise<string[]> {
      const rows = await db
        .selectFrom('link_entry')
        .select('terminal_id')
        .distinct()
        .where('received_at', '>', at)
        .execute();
      return rows.map(({ terminal_id }) => terminal_id);
    },
    commands: () =>
      db.selectFrom('command').select(['command_id', 'terminal_id', 'kind', 'state', 'reason']).execute(),
    settings: () =>
      db
        .selectFrom('terminal_settings')
        .select(['terminal_id', 'version', 'reported_version', 'refused_version', 'faults', 'document'])
        .execute(),
    authorities: async () =>
      (await db.selectFrom('tenant_ca').select('certificate').execute()).map(
        ({ certificate }) => certificate,
      ),
    terminals: () => db.selectFrom('terminal').select(['terminal_id', 'status', 'suspect_why']).execute(),
  };
}
export type StoreLook = Awaited<ReturnType<typeof lookInto>>;
