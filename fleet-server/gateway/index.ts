export * from './errors.ts';
export * from './node-soap/index.ts';
export * from './port.ts';
