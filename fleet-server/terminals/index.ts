export { type Standing, standingOf, standingOfReported } from './rules.ts';
export {
  loadOnline,
  loadStates,
  type Mark,
  markShut,
  markTerminals,
  readReported,
  saveLastSeen,
  saveState,
  type TerminalState,
  unknownState,
} from './states.ts';
export { createTerminalState, dropTerminalState, type TerminalTables, terminalMigrations } from './tables.ts';
export {
  type ReportedStep,
  type TwinState,
  UNKNOWN_TWIN,
  withPresence,
  withReported,
  withWord,
} from './twin.ts';
