import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { allMigrations } from '../schema.ts';
import { openPostgresStore, StoreSettings } from '../store/index.ts';

/** A database of a test's own. */
export interface TestStore {
  readonly settings: StoreSettings;
  drop(): Promise<void>;
}

/** The template that the step `postgres` has migrated. */
const TEMPLATE = 'jolly_template';

/**
 * Where a test remembers. `JOLLY_TEST_STORE=postgres`: a copy of the template in the scratch cluster whose address is in
 * JOLLY_TEST_POSTGRES; otherwise SQLite in the test's folder.
 */
export async function testStore(): Promise<TestStore> {
  if (process.env.JOLLY_TEST_STORE !== 'postgres') {
    return { settings: StoreSettings.parse({}), drop: async () => undefined };
  }
  const server = process.env.JOLLY_TEST_POSTGRES;
  if (!server) throw new Error('JOLLY_TEST_POSTGRES names no cluster: run the step `postgres`');
  const name = `jolly_${randomBytes(6).toString('hex')}`;
  await order(server, `create database ${name} template ${TEMPLATE}`);
  return {
    settings: StoreSettings.parse({ url: addressOf(server, name), poolSize: 4 }),
    // by force: a test plays a killed server by never speaking to it again
    drop: () => order(server, `drop database if exists ${name} with (force)`),
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

async function order(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
