export { ownerOf } from './ownership.ts';
export { openReplicas, type ReplicaParts, type Replicas } from './replicas.ts';
export { createReplicas, dropReplicas, type ReplicaTables } from './tables.ts';
