import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allMigrations } from '../schema.ts';
import { type Cluster, makeCluster } from '../testing/index.ts';
import { migrateDown, migrateUp, openPostgres, openPostgresStore, type Store } from './index.ts';

interface Rows {
  secret: { tenant_id: string; name: string; sealed: string; set_at: number };
}

/** A cluster that writes to the disk, so that it may be killed. */
describe.runIf(process.env.JOLLY_TEST_STORE === 'postgres')('the store on PostgreSQL', () => {
  let cluster: Cluster;
  let store: Store;
  const settings = () => ({ url: cluster.url, poolSize: 4, statementMs: 2_000 });
  const lost: string[] = [];
  const keep = (name: string) =>
    store.transaction(async (tx) => {
      await tx
        .of<Rows>()
        .insertInto('secret')
        .values({ tenant_id: 't', name, sealed: 'x', set_at: 1 })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  const names = async () =>
    (await store.of<Rows>().selectFrom('secret').select('name').orderBy('name').execute()).map(
      ({ name }) => name,
    );

  beforeAll(async () => {
    cluster = await makeCluster({ durable: true });
    store = await openPostgresStore(settings(), allMigrations, { lost: (error) => lost.push(error.message) });
  });
  afterAll(async () => {
    await store.close();
    await cluster.remove();
  });

  it('has the whole schema, down to nothing and up again, the tenant in every primary key', async () => {
    const bare = openPostgres(settings());
    await migrateDown(bare, allMigrations);
    const { rows: left } = await sql<{ tablename: string }>`
      select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(
      bare,
    );
    expect(left).toEqual([]);
    await migrateUp(bare, allMigrations);
    const { rows } = await sql<{ table: string; columns: string[] }>`
      select t.relname as table, array_agg(a.attname::text) as columns
        from pg_class t left join pg_index i on i.indrelid = t.oid and i.indisprimary
        left join pg_attribute a on a.attrelid = t.oid and a.attnum = any(i.indkey)
       where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and t.relname not like 'kysely%'
       group by t.relname`.execute(bare);
    for (const { table, columns } of rows) expect(columns, table).toContain('tenant_id');
    await bare.destroy();
  });

  it('is opened by replicas that start together', async () => {
    const both = await Promise.all([1, 2].map(() => openPostgresStore(settings(), allMigrations)));
    for (const each of both) await each.close();
  });

  it('has on the disk what it answered, when the database is killed', async () => {
    await keep('before');
    await cluster.kill();
    await cluster.start();
    await expect.poll(names, { timeout: 10_000 }).toEqual(['before']);
  });

  it('says with a code that the database is away, and goes on by itself when it is back', async () => {
    await cluster.stop();
    await expect(names()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(keep('away')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await cluster.start();
    await keep('back');
    expect(await names()).toEqual(['back', 'before']);
    expect(lost.length).toBeGreaterThan(0);
  });

  it('writes over a restart of the database', async () => {
    await cluster.stop();
    const written = keep('over');
    await cluster.start();
    await written;
    expect(await names()).toContain('over');
  });

  it('hears what was missed when the connection that hears is back', async () => {
    const missed = new Promise<void>((resolve) => {
      store.signals.hear('prova', { told: () => undefined, missed: resolve });
    });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where query ilike 'listen%' and pid <> pg_backend_pid()`.execute(store.of());
    await missed;
  });

  it('gives up a statement that takes too long', async () => {
    await expect(sql`select pg_sleep(10)`.execute(store.of())).rejects.toMatchObject({ code: 'STORE_BUSY' });
  });

  it('commits to the disk whatever the cluster says', async () => {
    const { rows } = await sql`show synchronous_commit`.execute(store.of());
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });
});
