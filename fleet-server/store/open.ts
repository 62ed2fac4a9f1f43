import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openPostgresStore, type PostgresOptions } from './postgres.ts';
import type { PostgresSettings } from './postgres-pool.ts';
import { openSqliteStore } from './sqlite.ts';
import type { NumberedMigration, Store } from './store.ts';

/** Where the server remembers: PostgreSQL where an address is given, otherwise `fleet.sqlite` in its data folder. */
export const StoreSettings = z.object({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'postgres://user@host:5432/database')
    .optional(),
  /** File whose first line is the password: better than one in the address. */
  passwordFile: z.string().optional(),
  poolSize: z.int().min(3).max(200).default(10),
  /** After so long a statement, or the wait for a lock, is given up. */
  statementMs: z.int().min(1_000).max(600_000).default(15_000),
});
export type StoreSettings = z.infer<typeof StoreSettings>;

export const SQLITE_FILE = 'fleet.sqlite';

/** The way to PostgreSQL; undefined where the store is SQLite. */
export function postgresOf({
  url,
  passwordFile,
  poolSize,
  statementMs,
}: StoreSettings): PostgresSettings | undefined {
  if (url === undefined) return undefined;
  const password =
    passwordFile === undefined ? undefined : readFileSync(passwordFile, 'utf8').split(/\r?\n/)[0];
  return { url, poolSize, statementMs, ...(password === undefined ? {} : { password }) };
}

/** The store of these settings, its schema brought up to date. */
export function openStore(
  { store, dataDir }: { readonly store: StoreSettings; readonly dataDir: string },
  migrations: readonly NumberedMigration[],
  options: PostgresOptions = {},
): Promise<Store> {
  const postgres = postgresOf(store);
  return postgres
    ? openPostgresStore(postgres, migrations, options)
    : openSqliteStore(dataDir === ':memory:' ? dataDir : join(dataDir, SQLITE_FILE), migrations);
}
