export * from './control.ts';
export * from './frame.ts';
export * from './spawn.ts';
