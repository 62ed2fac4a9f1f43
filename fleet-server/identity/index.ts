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
export { type Nonces, openNonces, type UsedNonce } from './nonces.ts';
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
export { checkSignature, publicKeyOf, signedHead } from './signature.ts';
export {
  findTerminal,
  keysOf,
  mustBeTrusted,
  type TerminalRow,
  verifyingKeys,
} from './standing.ts';
export { type IdentityTables, identityMigrations, type TerminalStatus } from './tables.ts';
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
