export { type DemoSites, demoSites } from './demo.ts';
export { createSites, dropSites, type SiteTables } from './tables.ts';
