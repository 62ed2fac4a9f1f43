import type { NumberedMigration } from '../store/index.ts';

export interface AssistanceTables {
  /** Calls for a person: where, when, in which language; never who. */
  assistance_call: {
    tenant_id: string;
    terminal_id: string;
    request_id: string;
    at: number;
    language: string;
    screen: string;
    support_code: string | null;
    taken_by: string | null;
    taken_at: number | null;
  };
}

export const assistanceMigrations: readonly NumberedMigration[] = [
  {
    name: '013-assistance',
    up: async (db) => {
      await db.schema
        .createTable('assistance_call')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('request_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('language', 'varchar(8)', (column) => column.notNull())
        .addColumn('screen', 'varchar(40)', (column) => column.notNull())
        .addColumn('support_code', 'varchar(60)')
        .addColumn('taken_by', 'varchar(80)')
        .addColumn('taken_at', 'bigint')
        .addPrimaryKeyConstraint('assistance_call_pk', ['tenant_id', 'terminal_id', 'request_id'])
        .execute();
      await db.schema
        .createIndex('assistance_call_time')
        .on('assistance_call')
        .columns(['tenant_id', 'at'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('assistance_call').execute();
    },
  },
];
