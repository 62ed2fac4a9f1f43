export {
  type ConsoleGate,
  type ConsoleUser,
  consoleGate,
  personOf,
  type SessionOptions,
  sessionRoutes,
} from './sessions.ts';
export { identityMigrations, type IdentityTables } from './tables.ts';
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
