export { runAuditCommand } from './audit.ts';
export type { AdministrationIo } from './opened.ts';
export { runPeopleCommand } from './people.ts';
