export * from './health.ts';
export * from './standing.ts';
