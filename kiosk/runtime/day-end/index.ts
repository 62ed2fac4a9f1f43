export * from './day-end.ts';
