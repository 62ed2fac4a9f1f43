export { MilGateway, type MilOptions } from './adapter.ts';
export type { MilCredentials } from './client.ts';
