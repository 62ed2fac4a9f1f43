export * from './answers.ts';
export * from './entry.ts';
export * from './field.ts';
export * from './local-text.ts';
