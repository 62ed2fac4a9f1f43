import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { AfterCommit } from './after-commit.ts';
import { LocalSignals } from './local-signals.ts';
import { migrateUp } from './migrate.ts';
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
  await migrateUp(db, migrations);
  return storeOver(db);
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
