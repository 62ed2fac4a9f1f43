export { cieCardWay } from './cie-card.ts';
export { cnsCardWay } from './cns-card.ts';
export { type CitizenGate, citizenGate, type LoginNeeded } from './gate.ts';
export type { Identified, LoginAsked, LoginWay } from './login-way.ts';
export { forgetAudit, type Logins, openLogins } from './logins.ts';
export { citizenRoutes } from './routes.ts';
export type { OpenSession } from './sessions.ts';
export { CitizenSettings, faultsOfMethods } from './settings.ts';
export { type CitizenTables, citizenMigrations } from './tables.ts';
