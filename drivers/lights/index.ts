export * from './light-set.ts';
export * from './port.ts';
