/** Who stands in front of the terminal: login with a card, its secrets, and the citizen's session at the server. */
export { openLoginDesk } from './desk.ts';
export { FIXED_LAYOUT } from './layout.ts';
export { type PadCounters, SecretPad } from './pad.ts';
export * from './port.ts';
