/** How the server is, for machines: numbers, alive, ready. */
export { type MeterSources, type Meters, openMeters } from './meters.ts';
export { depthOfQueues } from './queues.ts';
export { healthRoutes, readiness } from './routes.ts';
export { MetricsSettings } from './settings.ts';
