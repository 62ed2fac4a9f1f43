import type { NumberedMigration } from '../store/index.ts';

export interface SecretTables {
  secret: { tenant_id: string; name: string; sealed: string; set_at: number };
}

export const secretMigrations: readonly NumberedMigration[] = [
  {
    name: '002-secrets',
    up: async (db) => {
      await db.schema
        .createTable('secret')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('name', 'varchar(60)', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('set_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('secret_pk', ['tenant_id', 'name'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('secret').execute();
    },
  },
];
