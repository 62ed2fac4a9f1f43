import type { Role } from '@jolly/contracts/fleet-api';
import { sessionTable } from '../identity/index.ts';
import type { NumberedMigration } from '../store/index.ts';

export interface PeopleTables {
  person: {
    /** The municipality that keeps this person, or `CENTRE`. */
    tenant_id: string;
    person_id: string;
    user_name: string;
    /** As it is compared: one person a name, in all municipalities together. */
    user_key: string;
    name: string;
    email: string | null;
    way: 'demo' | 'local' | 'oidc';
    centre_admin: number;
    /** `scrypt$log2N$r$p$salt$hash`; null until the first is set. */
    password: string | null;
    totp_sealed: string | null;
    /** Being enrolled: not proved yet. */
    totp_pending: string | null;
    /** Step of the last code that was taken: none before it, and not itself again. */
    totp_step: number | null;
    oidc_provider: string | null;
    oidc_subject: string | null;
    /** The provider's groups made them: their role is what those say at each sign-in. */
    by_groups: number;
    disabled: number;
    created_at: number;
    last_sign_in_at: number | null;
  };
  person_role: { tenant_id: string; person_id: string; role: Role };
  password_link: { tenant_id: string; token_hash: string; person_id: string; expires_at: number };
  sign_in_try: {
    tenant_id: string;
    /** SHA-256 of what is counted: an account, an address, both together. */
    counted: string;
    failures: number;
    last_at: number;
    blocked_until: number;
  };
}

export const peopleMigrations: readonly NumberedMigration[] = [
  {
    name: '020-people',
    up: async (db) => {
      await db.schema
        .createTable('person')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('person_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('user_name', 'varchar(120)', (column) => column.notNull())
        .addColumn('user_key', 'varchar(120)', (column) => column.notNull())
        .addColumn('name', 'varchar(120)', (column) => column.notNull())
        .addColumn('email', 'varchar(254)')
        .addColumn('way', 'varchar(10)', (column) => column.notNull())
        .addColumn('centre_admin', 'integer', (column) => column.notNull())
        .addColumn('password', 'varchar(200)')
        .addColumn('totp_sealed', 'text')
        .addColumn('totp_pending', 'text')
        .addColumn('totp_step', 'bigint')
        .addColumn('oidc_provider', 'varchar(30)')
        .addColumn('oidc_subject', 'varchar(255)')
        .addColumn('by_groups', 'integer', (column) => column.notNull().defaultTo(0))
        .addColumn('disabled', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('last_sign_in_at', 'bigint')
        .addPrimaryKeyConstraint('person_pk', ['tenant_id', 'person_id'])
        .execute();
      await db.schema.createIndex('person_user').unique().on('person').column('user_key').execute();
      await db.schema.createIndex('person_id').unique().on('person').column('person_id').execute();
      await db.schema
        .createIndex('person_oidc')
        .unique()
        .on('person')
        .columns(['oidc_provider', 'oidc_subject'])
        .execute();
      await db.schema
        .createTable('person_role')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('person_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('role', 'varchar(30)', (column) => column.notNull())
        .addPrimaryKeyConstraint('person_role_pk', ['tenant_id', 'person_id'])
        .execute();
      await db.schema.createIndex('person_role_person').on('person_role').column('person_id').execute();
      await db.schema
        .createTable('password_link')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('token_hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('person_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('password_link_pk', ['tenant_id', 'token_hash'])
        .execute();
      await db.schema
        .createTable('sign_in_try')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('counted', 'varchar(64)', (column) => column.notNull())
        .addColumn('failures', 'integer', (column) => column.notNull())
        .addColumn('last_at', 'bigint', (column) => column.notNull())
        .addColumn('blocked_until', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('sign_in_try_pk', ['tenant_id', 'counted'])
        .execute();
      // The demo's sessions of before: everybody signs in again.
      await db.schema.dropTable('console_session').execute();
      await sessionTable.up(db);
    },
    down: async (db) => {
      await sessionTable.down(db);
      await db.schema
        .createTable('console_session')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('token_hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('user_name', 'varchar(40)', (column) => column.notNull())
        .addColumn('csrf', 'varchar(60)', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('console_session_pk', ['tenant_id', 'token_hash'])
        .execute();
      for (const table of ['sign_in_try', 'password_link', 'person_role', 'person']) {
        await db.schema.dropTable(table).execute();
      }
    },
  },
];
