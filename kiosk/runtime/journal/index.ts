export { type JournalOptions, openJournal } from './journal.ts';
export { journalErrors } from './errors.ts';
export type * from './port.ts';
export { readJournal } from './reader.ts';
