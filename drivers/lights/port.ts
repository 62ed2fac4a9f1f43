import type { Device } from '../health/index.ts';

/** Where a light stands: names of XFS4IoT's Lights (xfs4iot.md 3) that a terminal of ours can have. */
export const LIGHT_NAMES = [
  'cardReader',
  'contactless',
  'payment', // the card terminal and its PIN pad
  'barcode',
  'receiptPrinter',
  'documentPrinter',
  'scanner',
  'headset',
  'status',
] as const;
export type LightName = (typeof LIGHT_NAMES)[number];

/** One look: blue pulsing = put it here; green steady = take it; amber = wait (screens.md 8). */
export interface LightLook {
  readonly rate: 'off' | 'slow' | 'medium' | 'quick' | 'continuous';
  readonly colour: 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'magenta' | 'white';
}
export const LIGHT_OFF: LightLook = { rate: 'off', colour: 'white' };

export interface Lights extends Device {
  /** Which lights are really there; setting another one does nothing. */
  readonly names: readonly LightName[];
  /** Resolves once the board has taken it. A later call for the same light wins. */
  set(name: LightName, look: LightLook): Promise<void>;
}
