/** How long what is stored is kept, and what becomes of it. */
export { type Hour, storedHours } from './hours.ts';
export { openRetention, type Retention } from './retention.ts';
export { keptMs, RetentionSettings } from './settings.ts';
export { type RollUpTables, storageMigrations } from './tables.ts';
