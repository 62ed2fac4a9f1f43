export { type ClosedItem, type OperatorDesk, operatorDesk, type RaisedItem } from './items.ts';
export type { ItemAct } from './rules.ts';
export { operatorMigrations, type OperatorTables } from './tables.ts';
