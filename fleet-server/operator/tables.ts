import type { NumberedMigration } from '../store/index.ts';

export interface OperatorTables {
  operator_item: {
    tenant_id: string;
    id: string;
    kind: string;
    /** What the item is about; one item a kind and subject: `terminal/payment`, or a day's difference. */
    subject: string;
    reason: string;
    terminal_id: string | null;
    kiosk_payment_id: string | null;
    amount_cents: number | null;
    state: string;
    opened_at: number;
    taken_by: string | null;
    resolved_by: string | null;
    resolution: string | null;
    closed_at: number | null;
  };
  operator_act: {
    tenant_id: string;
    item_id: string;
    seq: number;
    at: number;
    person: string;
    act: string;
    note: string | null;
    proof: string | null;
  };
}

export const operatorMigrations: readonly NumberedMigration[] = [
  {
    name: '004-operator',
    up: async (db) => {
      await db.schema
        .createTable('operator_item')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('id', 'varchar(36)', (column) => column.notNull())
        .addColumn('kind', 'varchar(30)', (column) => column.notNull())
        .addColumn('subject', 'varchar(160)', (column) => column.notNull())
        .addColumn('reason', 'varchar(120)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)')
        .addColumn('kiosk_payment_id', 'varchar(36)')
        .addColumn('amount_cents', 'bigint')
        .addColumn('state', 'varchar(20)', (column) => column.notNull())
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('taken_by', 'varchar(40)')
        .addColumn('resolved_by', 'varchar(40)')
        .addColumn('resolution', 'varchar(30)')
        .addColumn('closed_at', 'bigint')
        .addPrimaryKeyConstraint('operator_item_pk', ['tenant_id', 'id'])
        .addUniqueConstraint('operator_item_once', ['tenant_id', 'kind', 'subject'])
        .execute();
      await db.schema
        .createTable('operator_act')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('item_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('person', 'varchar(40)', (column) => column.notNull())
        .addColumn('act', 'varchar(60)', (column) => column.notNull())
        .addColumn('note', 'varchar(500)')
        .addColumn('proof', 'varchar(120)')
        .addPrimaryKeyConstraint('operator_act_pk', ['tenant_id', 'item_id', 'seq'])
        .addForeignKeyConstraint('operator_act_item', ['tenant_id', 'item_id'], 'operator_item', [
          'tenant_id',
          'id',
        ])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('operator_act').execute();
      await db.schema.dropTable('operator_item').execute();
    },
  },
];
