/** Copies of the store, and the proof that they can be used. */
export { backupCommand, restoreCommand, restoreTestCommand } from './command.ts';
