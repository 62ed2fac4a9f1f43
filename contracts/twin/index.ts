export * from './layers.ts';
export * from './merge-patch.ts';
export * from './settings.ts';
