export { type Catalogue, noCatalogue, openCatalogue } from './catalogue.ts';
export { catalogueRoutes } from './routes.ts';
export { ServiceSettings } from './settings.ts';
