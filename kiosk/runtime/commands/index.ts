/** What staff ask of this terminal from afar: done once, in order, when nobody is served. */
export { commandActs } from './acts.ts';
export { CommandDesk, type CommandDeskOptions } from './desk.ts';
export { eraseData } from './erase.ts';
export { COMMANDS_FILE, CommandMemory } from './memory.ts';
export type { CommandWorld, Picture } from './port.ts';
export { bootOf, restartHost } from './restart.ts';
