export * from './keeper.ts';
export * from './policy.ts';
export * from './shut-down.ts';
