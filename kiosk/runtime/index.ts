/** The terminal without a screen. Parts are imported by folder: `@jolly/kiosk-runtime/diagnostics`. */
/** The terminal's side of the fleet alone, for who drives many. */
export { type CommandHands, type FleetSide, openFleetSide } from './fleet.ts';
export { startTerminal, type Terminal, type TerminalParts } from './terminal.ts';
