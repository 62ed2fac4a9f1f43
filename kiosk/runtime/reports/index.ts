/** Reports of the terminal's state to the server. */
export * from './reporter.ts';
