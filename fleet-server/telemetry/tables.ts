import type { NumberedMigration } from '../store/index.ts';

interface UsageColumns {
  tenant_id: string;
  terminal_id: string;
  batch_id: string;
  position: number;
  /** Start of the five minutes, epoch ms. */
  ts: number;
  service: string;
  lang: string;
}

export interface TelemetryTables {
  usage_batch: {
    tenant_id: string;
    terminal_id: string;
    batch_id: string;
    seq: number;
    received_at: number;
  };
  usage_event: UsageColumns & { step: string; dur_bucket: string; a11y: number; n: number };
  usage_rating: UsageColumns & { stars: number; reason: string | null };
}

export const telemetryMigrations: readonly NumberedMigration[] = [
  {
    name: '005-telemetry',
    up: async (db) => {
      await db.schema
        .createTable('usage_batch')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('batch_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('usage_batch_pk', ['tenant_id', 'terminal_id', 'batch_id'])
        .execute();
      const kinds = ['usage_event', 'usage_rating'] as const;
      for (const table of kinds) {
        let made = db.schema
          .createTable(table)
          .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
          .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
          .addColumn('batch_id', 'varchar(36)', (column) => column.notNull())
          .addColumn('position', 'integer', (column) => column.notNull())
          .addColumn('ts', 'bigint', (column) => column.notNull())
          .addColumn('service', 'varchar(40)', (column) => column.notNull())
          .addColumn('lang', 'varchar(2)', (column) => column.notNull());
        made =
          table === 'usage_event'
            ? made
                .addColumn('step', 'varchar(10)', (column) => column.notNull())
                .addColumn('dur_bucket', 'varchar(10)', (column) => column.notNull())
                .addColumn('a11y', 'integer', (column) => column.notNull())
                .addColumn('n', 'integer', (column) => column.notNull())
            : made
                .addColumn('stars', 'integer', (column) => column.notNull())
                .addColumn('reason', 'varchar(20)');
        await made
          .addPrimaryKeyConstraint(`${table}_pk`, ['tenant_id', 'terminal_id', 'batch_id', 'position'])
          .addForeignKeyConstraint(
            `${table}_batch`,
            ['tenant_id', 'terminal_id', 'batch_id'],
            'usage_batch',
            ['tenant_id', 'terminal_id', 'batch_id'],
          )
          .execute();
        await db.schema.createIndex(`${table}_time`).on(table).columns(['tenant_id', 'ts']).execute();
      }
    },
    down: async (db) => {
      await db.schema.dropTable('usage_rating').execute();
      await db.schema.dropTable('usage_event').execute();
      await db.schema.dropTable('usage_batch').execute();
    },
  },
];
