export * from './codec.ts';
export { type EvdevEvents, EvdevReader } from './reader.ts';
