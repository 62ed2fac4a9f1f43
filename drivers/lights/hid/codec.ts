import type { LightLook } from '../port.ts';

/**
 * blink(1) (vendor 27B8, product 01ED): feature report 1, eight bytes. `n` set now, `c` fade to over hundredths of a second. It
 * has one lamp and no rate of its own: pulsing is a fade up and a fade down, sent in turn.
 */
const RGB: Readonly<Record<LightLook['colour'], readonly [number, number, number]>> = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  yellow: [255, 140, 0],
  blue: [0, 0, 255],
  cyan: [0, 255, 255],
  magenta: [255, 0, 255],
  white: [255, 255, 255],
};

/** Milliseconds from dark to light and back; undefined: it does not pulse. Nothing is faster than 1 Hz (screens.md 8). */
export const periodOf = (rate: LightLook['rate']): number | undefined =>
  ({ off: undefined, continuous: undefined, slow: 2_000, medium: 1_500, quick: 1_000 })[rate];

export const BLINK1 = { vendorId: 0x27b8, productId: 0x01ed } as const;

/** The report that brings the lamp to a colour within `ms`. */
export function blinkReport(colour: LightLook['colour'] | 'dark', ms: number): Uint8Array {
  const [red, green, blue] = colour === 'dark' ? [0, 0, 0] : RGB[colour];
  const hundredths = Math.min(0xffff, Math.max(0, Math.round(ms / 10)));
  return Uint8Array.of(1, 0x63, red, green, blue, hundredths >> 8, hundredths & 0xff, 0);
}
