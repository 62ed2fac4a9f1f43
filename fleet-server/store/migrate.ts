import type { Kysely } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, NO_MIGRATIONS } from 'kysely/migration';
import { fail } from '../problems/index.ts';
import type { NumberedMigration } from './store.ts';

function migratorOf(db: Kysely<unknown>, migrations: readonly NumberedMigration[]): Migrator {
  const byName = Object.fromEntries(migrations.map((migration) => [migration.name, migration]));
  return new Migrator({ db, provider: { getMigrations: async () => byName } });
}

export interface SchemaSteps {
  /** Names of the steps that were taken, in order. */
  readonly taken: readonly string[];
  /** Those of this software that were not. */
  readonly missing: readonly string[];
  /** Those that this software does not know. */
  readonly unknown: readonly string[];
}

/** How far a schema is. Changes nothing but that the table of the steps exists. */
export async function stepsOf(
  db: Kysely<unknown>,
  migrations: readonly NumberedMigration[],
): Promise<SchemaSteps> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const known = new Set(migrations.map(({ name }) => name));
  const taken = tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)
    ? await (db as Kysely<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>)
        .selectFrom(DEFAULT_MIGRATION_TABLE)
        .select('name')
        .orderBy('name')
        .execute()
    : [];
  const names = taken.map(({ name }) => name);
  return {
    taken: names,
    missing: [...known].filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !known.has(name)),
  };
}

/**
 * Runs every migration that has not run yet, in order of name. Rejects with the cause of the first that fails, and with STORE_NEWER
 * where a newer version was here.
 */
export async function migrateUp(
  db: Kysely<unknown>,
  migrations: readonly NumberedMigration[],
): Promise<void> {
  const { unknown } = await stepsOf(db, migrations);
  if (unknown.length > 0) throw fail('STORE_NEWER', { step: unknown.join(' ') });
  const { error } = await migratorOf(db, migrations).migrateToLatest();
  if (error) throw error;
}

/** Undoes every migration, last first. */
export async function migrateDown(
  db: Kysely<unknown>,
  migrations: readonly NumberedMigration[],
): Promise<void> {
  const { error } = await migratorOf(db, migrations).migrateTo(NO_MIGRATIONS);
  if (error) throw error;
}
