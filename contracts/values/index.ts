export * from './clock.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './money.ts';
export * from './secret.ts';
export * from './secret-bytes.ts';
export * from './text.ts';
