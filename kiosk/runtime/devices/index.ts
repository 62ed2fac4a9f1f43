/** The terminal's devices: drivers made from URIs, walled off, and what their health means. */
export * from './devices.ts';
