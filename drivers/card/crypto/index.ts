export * from './blocks.ts';
export * from './kdf.ts';
export * from './mac.ts';
export * from './mod-pow.ts';
