export * from './frames.ts';
export * from './intent.ts';
export * from './snapshot.ts';
