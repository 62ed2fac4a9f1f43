export { type Card, NexoAction, type NextOutcome } from './actions.ts';
export { type Certificate, testCertificate } from './certificate.ts';
export { type LedgerEntry, TerminalMemory } from './memory.ts';
export { SimulatedNexo, type TerminalOptions } from './terminal.ts';
export { listenerOf, NexoPort } from './web.ts';
