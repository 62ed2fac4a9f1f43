export * from './book.ts';
export * from './health.ts';
export * from './standing.ts';
