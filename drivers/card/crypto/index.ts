export * from './blocks.ts';
export * from './fill-random.ts';
export * from './kdf.ts';
export * from './mac.ts';
export * from './mod-pow.ts';
