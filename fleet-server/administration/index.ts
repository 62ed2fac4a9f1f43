export { runAuditCommand } from './audit.ts';
export { runLinkCaCommand } from './link-ca.ts';
export { type AdministrationIo, type Opened, withServer } from './opened.ts';
export { runPeopleCommand } from './people.ts';
