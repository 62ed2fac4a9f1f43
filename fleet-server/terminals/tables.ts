import type { NumberedMigration } from '../store/index.ts';

export interface TerminalTables {
  /** The last report of each terminal. */
  terminal_report: { tenant_id: string; terminal_id: string; received_at: number; body: string };
  /** One row each time what the reports say of a terminal changed. */
  terminal_change: {
    tenant_id: string;
    terminal_id: string;
    at: number;
    state: string;
    reason: string | null;
  };
}

export const terminalMigrations: readonly NumberedMigration[] = [
  {
    name: '006-terminals',
    up: async (db) => {
      await db.schema
        .createTable('terminal_report')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('terminal_report_pk', ['tenant_id', 'terminal_id'])
        .execute();
      await db.schema
        .createTable('terminal_change')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(20)', (column) => column.notNull())
        .addColumn('reason', 'varchar(60)')
        .addPrimaryKeyConstraint('terminal_change_pk', ['tenant_id', 'terminal_id', 'at'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('terminal_change').execute();
      await db.schema.dropTable('terminal_report').execute();
    },
  },
];
