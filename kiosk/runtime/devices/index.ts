/** The terminal's devices: drivers made from URIs, walled off, and what their health means. */
export { withCardLeft } from './card-left.ts';
export * from './devices.ts';
export { registerCamera, ScreenCamera } from './screen-camera.ts';
export { ScreenReaders } from './screen-readers.ts';
