export { type Card, type NextOutcome, PosAction } from './actions.ts';
export { type LedgerEntry, TerminalMemory } from './memory.ts';
export { SimulatedTerminal, type TerminalOptions } from './terminal.ts';
