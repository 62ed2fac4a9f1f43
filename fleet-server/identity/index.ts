export {
  type ConsoleGate,
  type ConsoleUser,
  consoleGate,
  personOf,
  type SessionOptions,
  sessionRoutes,
} from './sessions.ts';
export { type IdentityTables, identityMigrations } from './tables.ts';
export {
  type EnrolledTerminal,
  type EnrolmentOptions,
  enrolledTerminals,
  enrolmentRoutes,
  forgetExpired,
  guardTerminal,
  type TerminalGate,
  type TerminalIdentity,
  terminalGate,
  terminalOf,
} from './terminals.ts';
