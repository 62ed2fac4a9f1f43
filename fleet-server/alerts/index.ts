export { forecastsOf } from './consumables.ts';
export { AlertDesk, type AlertSources, type KnownTerminal } from './desk.ts';
export { inMaintenance, openWindows } from './maintenance.ts';
export { alertsBetween, openAlertsOf } from './records.ts';
export { alertRoutes } from './routes.ts';
export { settingsOf } from './settings.ts';
export { alertSources, type FleetOfAlerts } from './sources.ts';
export { type AlertTables, alertMigrations } from './tables.ts';
export { Teller } from './tell.ts';
