import { withServer } from '../administration/index.ts';
import type { IdentityTables } from '../identity/index.ts';
import type { Store, Tables } from '../store/index.ts';

/** A terminal that is none: enrolled for a load test, under a key that whoever knows the seed can make. */
export interface MadeUp {
  readonly terminalId: string;
  /** SPKI DER, base64url. */
  readonly publicKey: string;
}

export interface MadeUpOptions {
  readonly store: Store;
  readonly tenantId: string;
  readonly terminals: readonly MadeUp[];
  readonly now: number;
}

const TOGETHER = 500;
export const MADE_UP_SITE = 'Prova di carico';

function* slices(terminals: readonly MadeUp[]) {
  for (let at = 0; at < terminals.length; at += TOGETHER) yield terminals.slice(at, at + TOGETHER);
}

/** Enrols them, as if staff had accepted each. Who is there already stays as it is. */
export async function enrolMadeUp({ store, tenantId, terminals, now }: MadeUpOptions): Promise<void> {
  for (const slice of slices(terminals)) {
    await store
      .of<IdentityTables>()
      .insertInto('terminal')
      .values(
        slice.map(({ terminalId, publicKey }) => ({
          tenant_id: tenantId,
          terminal_id: terminalId,
          public_key: publicKey,
          site: MADE_UP_SITE,
          enrolled_at: now,
          status: 'enrolled' as const,
          suspect_why: null,
          site_id: null,
          serial: null,
          key_since: now,
          previous_key: null,
          previous_until: null,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/**
 * Takes them out with everything that was kept of them, and resolves to how many there were. A terminal of the same name with another
 * key is a real one, and stays. The audit log stays too: nothing is taken out of it.
 */
export async function forgetMadeUp({ store, tenantId, terminals }: MadeUpOptions): Promise<number> {
  const tables = await tablesOfTerminals(store);
  let gone = 0;
  for (const slice of slices(terminals)) {
    gone += await store.transaction(async (tx) => {
      const found = await tx
        .of<IdentityTables>()
        .selectFrom('terminal')
        .select(['terminal_id', 'public_key'])
        .where('tenant_id', '=', tenantId)
        .where(
          'terminal_id',
          'in',
          slice.map(({ terminalId }) => terminalId),
        )
        .execute();
      const keys = new Map(slice.map(({ terminalId, publicKey }) => [terminalId, publicKey]));
      const ids = found.flatMap((row) =>
        keys.get(row.terminal_id) === row.public_key ? [row.terminal_id] : [],
      );
      if (ids.length === 0) return 0;
      // the terminal itself last: others may refer to it
      for (const table of [...tables, 'terminal']) {
        await tx
          .of<Record<string, { tenant_id: string; terminal_id: string }>>()
          .deleteFrom(table)
          .where('tenant_id', '=', tenantId)
          .where('terminal_id', 'in', ids)
          .execute();
      }
      return ids.length;
    });
  }
  return gone;
}

/** Every table that has rows of a terminal, besides `terminal`: whatever capability they belong to. */
async function tablesOfTerminals(tables: Tables): Promise<string[]> {
  const all = await tables.of<unknown>().introspection.getTables();
  return all.flatMap(({ name, columns, isView }) => {
    const has = (wanted: string) => columns.some((column) => column.name === wanted);
    return !isView && name !== 'terminal' && has('tenant_id') && has('terminal_id') ? [name] : [];
  });
}

export interface MadeUpAct {
  readonly act: 'enrol' | 'forget';
  /** Settings file of the fleet server. */
  readonly config: string;
  /** The first municipality of the file unless said. */
  readonly tenantId: string | undefined;
  readonly terminals: readonly MadeUp[];
  /** Somebody said that a server in production mode is one for tests. */
  readonly testServer: boolean;
  readonly print: (line: string) => void;
}

/** Puts made-up terminals into the store of a server, or takes them out; resolves to an exit status. */
export function actOnMadeUp({ act, terminals, print, ...rest }: MadeUpAct): Promise<number> {
  return withServer(rest.config, { print }, async ({ config, store, now }) => {
    const tenantId = rest.tenantId ?? config.tenants[0]?.id ?? '';
    if (!config.tenants.some(({ id }) => id === tenantId)) {
      print(`no municipality "${tenantId}" in the settings`);
      return 1;
    }
    if (config.mode === 'production' && !rest.testServer) {
      print(
        'this is a production server: made-up terminals would stand among the real ones, under keys anybody can make.',
      );
      print('If it is a server for tests, say --yes-this-is-a-test-server');
      return 1;
    }
    const options = { store, tenantId, terminals, now: now() };
    if (act === 'enrol') await enrolMadeUp(options);
    const count = act === 'enrol' ? terminals.length : await forgetMadeUp(options);
    print(JSON.stringify({ act, tenantId, terminals: count }));
    return 0;
  });
}
