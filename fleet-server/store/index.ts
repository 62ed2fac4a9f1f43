export { migrateDown, migrateUp } from './migrate.ts';
export { openSqlite, openSqliteStore } from './sqlite.ts';
export type { NumberedMigration, Store, Tables, Transaction } from './store.ts';
