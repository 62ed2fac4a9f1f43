export * from './codec/index.ts';
export { type CommandOptions, type Completion, Conversation } from './conversation.ts';
export type { XfsContext } from './device.ts';
export { registerXfs4Iot } from './register.ts';
export { PUBLISHER_PATH, xfsAddress } from './settings.ts';
export { type OpenXfsSocket, openWebSocket, type XfsSocket, type XfsSocketEvents } from './socket.ts';
