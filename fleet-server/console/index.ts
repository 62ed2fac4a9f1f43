export type { FleetSources } from './fleet.ts';
export { type FleetRouteSources, fleetRoutes } from './fleet-routes.ts';
export { readOutlines } from './outline.ts';
export { consolePages } from './pages.ts';
export { type ConsoleOptions, consoleRoutes } from './routes.ts';
export type { SettingsChange } from './timeline.ts';
