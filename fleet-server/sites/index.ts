export { type DemoSites, demoSites } from './demo.ts';
export {
  listSites,
  mustFindSite,
  placeTerminal,
  type SiteOptions,
  siteNamed,
  siteRoutes,
} from './sites.ts';
export { createSites, dropSites, type SiteTables } from './tables.ts';
