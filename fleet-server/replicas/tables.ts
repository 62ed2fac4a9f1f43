import type { Kysely } from 'kysely';

export interface ReplicaTables {
  /** Servers that share one store: a line each, as long as they say that they live. Of no tenant: `tenant_id` is always `-`. */
  replica: { tenant_id: string; replica_id: string; started_at: number; beat_at: number };
}

/** Part of 016-link. */
export async function createReplicas(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('replica')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('replica_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('beat_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('replica_pk', ['tenant_id', 'replica_id'])
    .execute();
}

export async function dropReplicas(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('replica').execute();
}
