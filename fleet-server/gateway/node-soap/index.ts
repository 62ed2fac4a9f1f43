export * from './adapter.ts';
export { alarmsOperator, nodeFaults } from './codec/faults.ts';
