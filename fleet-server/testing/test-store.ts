import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { allMigrations } from '../schema.ts';
import { openPostgresStore, StoreSettings } from '../store/index.ts';

/** Databases of this process; those whose test is over are empty again, which is quicker than a new one. */
const made = new Set<string>();
const emptied: string[] = [];

/** All rows of all tables but the migrator's. Without foreign keys there is no order among them. */
const EMPTY = `
  set session_replication_role = replica;
  do $$ declare t record; begin
    for t in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%' loop
      execute format('delete from %I', t.tablename);
    end loop;
  end $$`;

/** A database of a test's own. */
export interface TestStore {
  readonly settings: StoreSettings;
  /** All that it remembers outside the test's folder, as text: for tests of what must not be in it. */
  texts(): Promise<string[]>;
  drop(): Promise<void>;
}

/** The template that the step `postgres` has migrated. */
const TEMPLATE = 'jolly_template';

/**
 * Where a test remembers. `JOLLY_TEST_STORE=postgres`: a copy of the template in the scratch cluster whose address is in
 * JOLLY_TEST_POSTGRES; otherwise SQLite in the test's folder. `empty`: without any table.
 */
export async function testStore({ empty = false } = {}): Promise<TestStore> {
  if (process.env.JOLLY_TEST_STORE !== 'postgres') {
    return { settings: StoreSettings.parse({}), texts: async () => [], drop: async () => undefined };
  }
  const server = process.env.JOLLY_TEST_POSTGRES;
  if (!server) throw new Error('JOLLY_TEST_POSTGRES names no cluster: run the step `postgres`');
  const name = (empty ? undefined : emptied.pop()) ?? `jolly_${randomBytes(6).toString('hex')}`;
  const url = addressOf(server, name);
  if (!made.has(name)) await order(server, `create database ${name}${empty ? '' : ` template ${TEMPLATE}`}`);
  made.add(name);
  return {
    settings: StoreSettings.parse({ url, poolSize: 4 }),
    async texts() {
      const tables = await order(url, `select tablename as text from pg_tables where schemaname = 'public'`);
      const texts = await Promise.all(
        tables.map((table) => order(url, `select t::text as text from "${table}" t`)),
      );
      return texts.flat();
    },
    async drop() {
      if (empty) return void (await order(server, `drop database ${name} with (force)`));
      await order(url, EMPTY);
      emptied.push(name);
    },
  };
}

/** Makes the database that all tests of a cluster copy: copying is quicker than migrating. */
export async function makeTemplate(server: string): Promise<void> {
  await order(server, `create database ${TEMPLATE}`);
  const url = addressOf(server, TEMPLATE);
  const store = await openPostgresStore({ url, poolSize: 3, statementMs: 60_000 }, allMigrations);
  await store.close();
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function order(server: string, statement: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    const { rows } = await client.query<{ text: string }>(statement);
    return (rows ?? []).map(({ text }) => text);
  } finally {
    await client.end();
  }
}
