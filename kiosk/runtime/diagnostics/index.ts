/** `jolly doctor`: the terminal's numbered self-tests. */
export * from './command.ts';
export { checkJournal } from './journal-step.ts';
export * from './steps.ts';
export * from './terminal-steps.ts';
