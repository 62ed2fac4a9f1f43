export { openReconciliation, posDayRoutes, type Reconciliation } from './days.ts';
export { type ReconciliationTables, reconciliationMigrations } from './tables.ts';
export { verifySeals } from './verify.ts';
