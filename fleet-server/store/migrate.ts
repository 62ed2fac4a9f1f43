import type { Kysely } from 'kysely';
import { Migrator, NO_MIGRATIONS } from 'kysely/migration';
import type { NumberedMigration } from './store.ts';

function migratorOf(db: Kysely<unknown>, migrations: readonly NumberedMigration[]): Migrator {
  const byName = Object.fromEntries(migrations.map((migration) => [migration.name, migration]));
  return new Migrator({ db, provider: { getMigrations: async () => byName } });
}

/** Runs every migration that has not run yet, in order of name. Rejects with the cause of the first that fails. */
export async function migrateUp(
  db: Kysely<unknown>,
  migrations: readonly NumberedMigration[],
): Promise<void> {
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
