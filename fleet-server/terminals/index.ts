export { listTerminals, reportRoutes } from './reports.ts';
export { type TerminalTables, terminalMigrations } from './tables.ts';
