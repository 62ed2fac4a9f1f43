export * from './registry.ts';
export { shownUri } from './shown.ts';
