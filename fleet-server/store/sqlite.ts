import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { AfterCommit } from './after-commit.ts';
import { LocalSignals } from './local-signals.ts';
import { migrateUp, stepsOf } from './migrate.ts';
import { copySqlite } from './sqlite-files.ts';
import { keepingStatements } from './statements.ts';
import type { NumberedMigration, Store, Transaction } from './store.ts';

/**
 * Opens a SQLite store and brings its schema up to date. `file` may be `:memory:`.
 * WAL with synchronous FULL: a commit is fsynced before it returns, and that is what "stored" means to a terminal.
 */
export async function openSqliteStore(
  file: string,
  migrations: readonly NumberedMigration[],
): Promise<Store> {
  const db = openSqlite(file);
  await keepBeforeUpgrade(db, file, migrations);
  await migrateUp(db, migrations);
  return storeOver(db);
}

/** A copy of the store as it was, beside it, before a new version changes its schema. The last two are kept. */
async function keepBeforeUpgrade(
  db: Kysely<unknown>,
  file: string,
  migrations: readonly NumberedMigration[],
): Promise<void> {
  const { taken, missing, unknown } = await stepsOf(db, migrations);
  const last = taken.at(-1);
  if (last === undefined || missing.length === 0 || unknown.length > 0) return;
  const folder = dirname(file);
  const named = `${basename(file)}.before-upgrade-from-`;
  const copy = join(folder, `${named}${last}`);
  if (!existsSync(copy)) {
    await copySqlite(file, `${copy}.part`);
    renameSync(`${copy}.part`, copy);
  }
  const older = readdirSync(folder)
    .filter((name) => name.startsWith(named) && !name.endsWith('.part'))
    .sort()
    .slice(0, -2);
  for (const name of older) rmSync(join(folder, name));
}

/** The bare connection, without migrations: for the migration tests. */
export function openSqlite(file: string): Kysely<unknown> {
  const sqlite = new SqliteDatabase(file);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  return new Kysely<unknown>({ dialect: new SqliteDialect({ database: keepingStatements(sqlite) }) });
}

function storeOver(db: Kysely<unknown>): Store {
  const after = new AfterCommit();
  const transaction: Store['transaction'] = (work) =>
    after.run(() =>
      db.transaction().execute((trx) => work({ of: <T>() => trx as unknown as Kysely<T> } as Transaction)),
    );
  return {
    kind: 'sqlite',
    of: <T>() => db as unknown as Kysely<T>,
    transaction,
    concurrently: (_keys, work) => transaction(work),
    afterCommit: after.add,
    signals: new LocalSignals(),
    check: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}
