/** Files that survive a power cut. */
export * from './durable-file.ts';
export * from './slots.ts';
