export { migrateDown, migrateUp } from './migrate.ts';
export { openStore, postgresOf, SQLITE_FILE, StoreSettings } from './open.ts';
export { openPostgres, openPostgresStore } from './postgres.ts';
export type { PostgresSettings } from './postgres-pool.ts';
export { openSqlite, openSqliteStore } from './sqlite.ts';
export type { NumberedMigration, SignalListener, Signals, Store, Tables, Transaction } from './store.ts';
