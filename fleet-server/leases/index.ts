/** Work that exists once, however many servers share the store. */
export { type DutyParts, openDuty, type SoleDuty, type SoleWork } from './lease.ts';
export { createLeases, dropLeases, type LeaseTables } from './tables.ts';
