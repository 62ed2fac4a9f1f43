/** The terminal's identity: its Ed25519 key, made on the first start, the signature on every call, and how it comes to its name. */
export * from './enrolment.ts';
export * from './identity.ts';
export * from './key-store.ts';
export type { Name } from './name.ts';
export * from './rotation.ts';
export * from './taking-in.ts';
