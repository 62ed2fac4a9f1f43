export { type RevocationFetch, revocationFetch } from './fetch.ts';
export { judge, type RevocationFact, type RevocationPolicy } from './policy.ts';
export { openRevocation, type Revocation } from './revocation.ts';
