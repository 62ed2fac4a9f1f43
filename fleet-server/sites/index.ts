export { createSites, dropSites, type SiteTables } from './tables.ts';
