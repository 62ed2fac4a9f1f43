/** Debt positions of spontaneous payments: made when a citizen has answered, then paid like any notice. */
export { type DebtPositionDesk, type DebtPositionOptions, debtPositionDesk } from './desk.ts';
export { GpdDebtPositions, type GpdSettings, gpdBody } from './gpd.ts';
export * from './port.ts';
export { debtPositionRoutes } from './routes.ts';
export { type DebtPositionTables, debtPositionMigrations, nextCounter } from './tables.ts';
