export * from './frame.ts';
export * from './spawn.ts';
