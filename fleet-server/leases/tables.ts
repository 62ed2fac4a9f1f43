import type { Kysely } from 'kysely';

export interface LeaseTables {
  /** Who does what one replica alone does. Of no tenant: `tenant_id` is always `-`. */
  lease: {
    tenant_id: string;
    name: string;
    holder: string;
    /** Grows with every sign of life: others see that it stands still, whatever their clocks say. */
    beat: number;
  };
}

/** Part of 022-storage. */
export async function createLeases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('lease')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('name', 'varchar(40)', (column) => column.notNull())
    .addColumn('holder', 'varchar(40)', (column) => column.notNull())
    .addColumn('beat', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('lease_pk', ['tenant_id', 'name'])
    .execute();
}

export async function dropLeases(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('lease').execute();
}
