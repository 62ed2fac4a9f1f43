export * from './guidance.ts';
