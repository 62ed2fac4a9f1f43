export { type SecureChannel, type SecureChannelOptions, secureChannel } from './channel.ts';
export { type BrokenReason, protect, unprotect } from './protect.ts';
export type { SessionKeys } from './suite.ts';
