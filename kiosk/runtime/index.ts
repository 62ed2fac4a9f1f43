/** The terminal without a screen. Parts are imported by folder: `@jolly/kiosk-runtime/diagnostics`. */
export { startTerminal, type Terminal, type TerminalParts } from './terminal.ts';
