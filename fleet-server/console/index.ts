export { consolePages } from './pages.ts';
export { type ConsoleOptions, consoleRoutes } from './routes.ts';
