/** The line protocol shared by tactile keypads and sound controllers. */
export * from './codec.ts';
export { PadLineDevice, padLineError } from './device.ts';
