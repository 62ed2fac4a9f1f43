import type { NumberedMigration } from '../store/index.ts';

export interface ReconciliationTables {
  /** The POS's own figures of a day, as last sent; kept as they are once the day is sealed. */
  pos_day: { tenant_id: string; terminal_id: string; day: string; received_at: number; body: string };
  /** The chain: each seal covers the one before it, in order of `seq`. */
  day_seal: {
    tenant_id: string;
    terminal_id: string;
    day: string;
    seq: number;
    /** Canonical JSON of the `DayMatch` without its seal. */
    body: string;
    previous_seal: string;
    seal: string;
    sealed_at: number;
  };
}

export const reconciliationMigrations: readonly NumberedMigration[] = [
  {
    name: '008-reconciliation',
    up: async (db) => {
      await db.schema
        .createTable('pos_day')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('day', 'varchar(10)', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('pos_day_pk', ['tenant_id', 'terminal_id', 'day'])
        .execute();
      await db.schema
        .createTable('day_seal')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('day', 'varchar(10)', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('previous_seal', 'varchar(64)', (column) => column.notNull())
        .addColumn('seal', 'varchar(64)', (column) => column.notNull())
        .addColumn('sealed_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('day_seal_pk', ['tenant_id', 'terminal_id', 'day'])
        .addUniqueConstraint('day_seal_order', ['tenant_id', 'terminal_id', 'seq'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('day_seal').execute();
      await db.schema.dropTable('pos_day').execute();
    },
  },
];
