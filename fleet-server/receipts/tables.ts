import type { NumberedMigration } from '../store/index.ts';

export interface ReceiptTables {
  receipt_link: {
    tenant_id: string;
    /** SHA-256 of the token, hex: the token itself is only in the citizen's hands. */
    token_hash: string;
    terminal_id: string;
    kiosk_payment_id: string;
    expires_at: number;
    opened_at: number | null;
    /** SHA-256 of the cookie of the browser that opened it: there a reload is no second opening. */
    opened_by: string | null;
  };
}

export const receiptMigrations: readonly NumberedMigration[] = [
  {
    name: '007-receipts',
    up: async (db) => {
      await db.schema
        .createTable('receipt_link')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('token_hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kiosk_payment_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('opened_at', 'bigint')
        .addColumn('opened_by', 'varchar(64)')
        .addPrimaryKeyConstraint('receipt_link_pk', ['tenant_id', 'token_hash'])
        .addForeignKeyConstraint(
          'receipt_link_payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
          'payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
        )
        .execute();
      await db.schema.createIndex('receipt_link_token').on('receipt_link').column('token_hash').execute();
    },
    down: async (db) => {
      await db.schema.dropTable('receipt_link').execute();
    },
  },
];
