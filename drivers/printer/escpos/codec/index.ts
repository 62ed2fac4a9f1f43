export { asPrinted, characterOf, encodePc858 } from './codepage.ts';
export { type Command, CommandReader, MAX_COMMAND } from './commands.ts';
export { command, encodeDocument, encodeLines } from './encode.ts';
export { escposMask } from './mask.ts';
export { Page, type PageEvent, type PageOptions } from './page.ts';
export { type PrinterProfile, type ProfileName, profileNamed, profiles } from './profile.ts';
export { type RealtimeRequest, RealtimeScanner } from './realtime.ts';
export { type PrinterReply, ReplySplitter } from './replies.ts';
export * from './status.ts';
