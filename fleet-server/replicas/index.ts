export { createReplicas, dropReplicas, type ReplicaTables } from './tables.ts';
