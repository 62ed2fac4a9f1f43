export { runAuditCommand } from './audit.ts';
export { type AdministrationIo, type Opened, withServer } from './opened.ts';
export { runPeopleCommand } from './people.ts';
