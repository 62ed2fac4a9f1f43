/** The keys of the tactile keypad on their way to the screen, or to the field of a secret. */

export { watchHeadset } from './headset.ts';
export { PadKeys, type PadKeysCounters, type PadKeysPorts } from './pad-keys.ts';
