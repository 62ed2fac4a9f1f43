export { checkSod, entryMatches } from './check.ts';
export { sodError } from './errors.ts';
export { readSod } from './read.ts';
export type { HashName, SecurityObject, SodSignature } from './security-object.ts';
