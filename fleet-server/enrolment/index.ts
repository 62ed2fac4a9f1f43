export { LinkAccessSettings } from './access.ts';
export { fingerprintOf } from './codes.ts';
export { type Enrolment, type OpenEnrolment, openEnrolment } from './enrolment.ts';
export { forgetAllLeases, type Greeting, type Leases, openLeases } from './leases.ts';
export { linkGate, mayLink } from './link-gate.ts';
export { type LinkKeys, openLinkKeys } from './link-keys.ts';
export { type EnrolmentTables, enrolmentMigrations } from './tables.ts';
export { openTenantCa, type TenantCa } from './tenant-ca.ts';
export { createWatchers, type Suspicion, type Watchers } from './watchers.ts';
