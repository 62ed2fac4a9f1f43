import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { allMigrations } from './schema.ts';
import { migrateDown, migrateUp, openSqlite } from './store/index.ts';

describe('the schema', () => {
  it('goes up, down to nothing, and up again', async () => {
    const db = openSqlite(':memory:');
    const tables = async () =>
      (await db.introspection.getTables()).map((table) => table.name).filter((name) => !/^kysely/.test(name));
    await migrateUp(db, allMigrations);
    const first = await tables();
    expect(first).toContain('gateway_call');
    await migrateDown(db, allMigrations);
    expect(await tables()).toEqual([]);
    await migrateUp(db, allMigrations);
    expect(await tables()).toEqual(first);
    await db.destroy();
  });

  it('is numbered without gaps or repetitions', () => {
    const numbers = allMigrations.map((migration) => Number(migration.name.slice(0, 3)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('has the tenant in every primary key', async () => {
    const db = openSqlite(':memory:');
    await migrateUp(db, allMigrations);
    for (const { name } of await db.introspection.getTables()) {
      const { rows } = await sql<{ name: string; pk: number }>`
        select name, pk from pragma_table_info(${name}) where pk > 0`.execute(db);
      const key = rows.map((row) => row.name);
      expect(key, name).toContain('tenant_id');
    }
    await db.destroy();
  });

  it('is synced to the disk at every commit', async () => {
    const db = openSqlite(':memory:');
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
    expect(rows).toEqual([{ synchronous: 2 }]);
    await db.destroy();
  });
});
