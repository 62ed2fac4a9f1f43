export {
  type ConsoleGate,
  consoleGate,
  type PermissionGuard,
  type PersonDirectory,
  permissionOf,
  personOf,
  sameText,
  sessionOf,
} from './console-gate.ts';
export {
  openSessions,
  type Session,
  type SessionOptions,
  type SessionStage,
  type SessionStart,
  type Sessions,
  type SessionTables,
  sessionTable,
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
