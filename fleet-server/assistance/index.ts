export { assistanceConsoleRoutes, assistanceRoutes, forgetCalls } from './calls.ts';
export { type AssistanceTables, assistanceMigrations } from './tables.ts';
