export type { Audit, AuditEntry } from './port.ts';
