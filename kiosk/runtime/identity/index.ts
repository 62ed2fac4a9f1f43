/** The terminal's identity: its Ed25519 key, made on the first start, and the signature on every call. */
export * from './enrolment.ts';
export * from './identity.ts';
