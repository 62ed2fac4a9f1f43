export { type Card, type NextOutcome, ZvtAction } from './actions.ts';
export { type LedgerEntry, ZvtMemory } from './memory.ts';
export { SimulatedZvtTerminal, type ZvtTerminalOptions } from './terminal.ts';
