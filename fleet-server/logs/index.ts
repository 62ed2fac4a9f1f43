/** Where the log goes. */
export { LogSettings } from './settings.ts';
export { type LogStream, openLogStream } from './stream.ts';
