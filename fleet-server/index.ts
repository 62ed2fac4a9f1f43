export { ServerConfig } from './config.ts';
