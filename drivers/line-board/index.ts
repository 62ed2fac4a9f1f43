export * from './board.ts';
export * from './codec.ts';
export * from './pool.ts';
