export * from './descriptor.ts';
export * from './layout.ts';
export * from './reports.ts';
