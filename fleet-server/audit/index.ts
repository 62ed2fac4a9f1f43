export { checkChain, GENESIS, type Head, hashOfLine } from './chain.ts';
export { type AuditLog, openAudit, resealAuditHeads } from './log.ts';
export { type Audit, type AuditEntry, CENTRE } from './port.ts';
export { auditRoutes } from './routes.ts';
export { type AuditTables, auditMigrations } from './tables.ts';
