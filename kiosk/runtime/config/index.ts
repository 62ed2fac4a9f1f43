export * from './config.ts';
export * from './read.ts';
