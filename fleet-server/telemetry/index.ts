export { type TelemetryTables, telemetryMigrations } from './tables.ts';
export { sequenceGaps, usageRoutes } from './usage.ts';
