import { createLeases, dropLeases } from '../leases/index.ts';
import type { NumberedMigration } from '../store/index.ts';

export interface RollUpTables {
  /** Measures of an hour, made of the entries that are no longer kept one by one. */
  telemetry_hour: {
    tenant_id: string;
    terminal_id: string;
    metric: string;
    /** Start of the hour, epoch ms UTC. */
    hour: number;
    n: number;
    least: number;
    most: number;
    total: number;
  };
}

export const storageMigrations: readonly NumberedMigration[] = [
  {
    name: '022-storage',
    up: async (db) => {
      await createLeases(db);
      await db.schema
        .createTable('telemetry_hour')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('metric', 'varchar(60)', (column) => column.notNull())
        .addColumn('hour', 'bigint', (column) => column.notNull())
        .addColumn('n', 'bigint', (column) => column.notNull())
        .addColumn('least', 'double precision', (column) => column.notNull())
        .addColumn('most', 'double precision', (column) => column.notNull())
        .addColumn('total', 'double precision', (column) => column.notNull())
        .addPrimaryKeyConstraint('telemetry_hour_pk', ['tenant_id', 'terminal_id', 'metric', 'hour'])
        .execute();
      // old batches are looked for in all tenants at once
      await db.schema.createIndex('usage_batch_age').on('usage_batch').column('received_at').execute();
      await db.schema.createIndex('telemetry_hour_age').on('telemetry_hour').column('hour').execute();
    },
    down: async (db) => {
      await db.schema.dropIndex('usage_batch_age').execute();
      await db.schema.dropTable('telemetry_hour').execute();
      await dropLeases(db);
    },
  },
];
