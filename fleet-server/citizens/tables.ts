import type { NumberedMigration } from '../store/index.ts';

export interface CitizenTables {
  /** Every proof that was judged. Nothing of it leads to a person: no code, name, NIS, serial or certificate. */
  login_audit: {
    tenant_id: string;
    audit_id: string;
    terminal_id: string;
    at: number;
    /** Null when the challenge was not known: then nothing is known of the way either. */
    method: string | null;
    level: string | null;
    /** `verified`, or the problem. */
    outcome: string;
    /** What the word on revocation rested upon; null when it was not come to. */
    revocation: string | null;
  };
}

export const citizenMigrations: readonly NumberedMigration[] = [
  {
    name: '009-citizens',
    up: async (db) => {
      await db.schema
        .createTable('login_audit')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('audit_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('method', 'varchar(40)')
        .addColumn('level', 'varchar(20)')
        .addColumn('outcome', 'varchar(40)', (column) => column.notNull())
        .addColumn('revocation', 'varchar(20)')
        .addPrimaryKeyConstraint('login_audit_pk', ['tenant_id', 'audit_id'])
        .execute();
      await db.schema
        .createIndex('login_audit_time')
        .on('login_audit')
        .columns(['tenant_id', 'at'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('login_audit').execute();
    },
  },
  {
    name: '010-login-audit-age',
    up: async (db) => {
      // old lines are looked for every minute, in all tenants at once, also in those that are no more
      await db.schema.createIndex('login_audit_age').on('login_audit').column('at').execute();
    },
    down: async (db) => {
      await db.schema.dropIndex('login_audit_age').execute();
    },
  },
];
