/** The shell's decisions, each a function without Electron in it. */
export * from './files.ts';
export * from './origin.ts';
export * from './permissions.ts';
export * from './restarts.ts';
export * from './window.ts';
