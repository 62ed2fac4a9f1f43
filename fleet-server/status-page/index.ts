export { statusPageRoutes } from './routes.ts';
export type { PublicTerminal } from './status.ts';
