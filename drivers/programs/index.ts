export * from './programs.ts';
