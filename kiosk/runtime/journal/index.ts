export { type CommandIo, runJournalCommand } from './command.ts';
export { journalErrors } from './errors.ts';
export { type JournalOptions, openJournal } from './journal.ts';
export type * from './port.ts';
export { JOURNAL_FILE, readJournal } from './reader.ts';
