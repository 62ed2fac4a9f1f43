/** How long what is stored is kept, and what becomes of it. */
export { type RollUpTables, storageMigrations } from './tables.ts';
