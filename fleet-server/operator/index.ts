export { type ClosedItem, type OperatorDesk, operatorDesk, type RaisedItem } from './items.ts';
export type { ItemAct } from './rules.ts';
export { type OperatorTables, operatorMigrations } from './tables.ts';
