export type * from './barcode/index.ts';
export type * from './card/index.ts';
export type * from './health/index.ts';
export type * from './pos/index.ts';
export type * from './printer/index.ts';
export * from './registry/index.ts';
export type * from './transport/index.ts';
