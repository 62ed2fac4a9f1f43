export { settingsChangesOf } from './concerning.ts';
export { settingsRoutes } from './routes.ts';
export { type TwinTables, twinMigrations } from './tables.ts';
export { openTwin, settingsStanding, skipSettingsNumbers, type Twin, type TwinParts } from './twin.ts';
