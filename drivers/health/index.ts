export * from './book.ts';
export * from './health.ts';
