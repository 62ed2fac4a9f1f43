import type { NumberedMigration } from '../store/index.ts';

export interface AuditTables {
  audit_line: {
    tenant_id: string;
    seq: number;
    at: number;
    actor: string;
    act: string;
    subject: string;
    /** JSON. */
    detail: string;
    hash: string;
  };
  /** Sealed count and hash of the last line, so that a cut tail shows. */
  audit_head: { tenant_id: string; sealed: string };
}

export const auditMigrations: readonly NumberedMigration[] = [
  {
    name: '021-audit',
    up: async (db) => {
      await db.schema
        .createTable('audit_line')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('actor', 'varchar(120)', (column) => column.notNull())
        .addColumn('act', 'varchar(80)', (column) => column.notNull())
        .addColumn('subject', 'varchar(200)', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .addColumn('hash', 'varchar(64)', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_line_pk', ['tenant_id', 'seq'])
        .execute();
      await db.schema
        .createTable('audit_head')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_head_pk', ['tenant_id'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('audit_head').execute();
      await db.schema.dropTable('audit_line').execute();
    },
  },
];
