export * from './hours.ts';
export * from './keeper.ts';
