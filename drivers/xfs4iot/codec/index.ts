export * from './line.ts';
export * from './mask.ts';
export * from './message.ts';
export * from './values.ts';
export * from './versions.ts';
