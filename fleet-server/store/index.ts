export { migrateDown, migrateUp, type SchemaSteps, stepsOf } from './migrate.ts';
export { openStore, postgresOf, SQLITE_FILE, StoreSettings } from './open.ts';
export { openPostgres, openPostgresStore } from './postgres.ts';
export type { PostgresSettings } from './postgres-pool.ts';
export {
  dumpPostgres,
  postgresHasTables,
  postgresInUse,
  restorePostgres,
  withScratchPostgres,
} from './postgres-programs.ts';
export { openSqlite, openSqliteStore } from './sqlite.ts';
export { copySqlite, sqliteFaults, sqliteInUse } from './sqlite-files.ts';
export type { NumberedMigration, SignalListener, Signals, Store, Tables, Transaction } from './store.ts';
