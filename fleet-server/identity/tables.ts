import type { NumberedMigration } from '../store/index.ts';

/**
 * `suspect`: its key seems to be in two places. `revoked`: its key is believed no more. `decommissioned`: taken out for good; its
 * history stays.
 */
export type TerminalStatus = 'enrolled' | 'suspect' | 'revoked' | 'decommissioned';

export interface IdentityTables {
  terminal: {
    tenant_id: string;
    terminal_id: string;
    /** Ed25519 public key, SPKI DER, base64url. */
    public_key: string;
    /** Name of the site, as people read it; that of `site_id` where there is one. */
    site: string;
    enrolled_at: number;
    /** From here on: columns of 015-enrolment. */
    status: TerminalStatus;
    /** Why it is suspect: a machine word. */
    suspect_why: string | null;
    site_id: string | null;
    serial: string | null;
    /** Since when it has its present key. */
    key_since: number;
    /** The key before, believed until then: what it had signed is still on its way. */
    previous_key: string | null;
    previous_until: number | null;
  };
  /** Nonces of accepted signatures, until the signature itself is too old: a restart opens no window for replays. */
  seen_nonce: { tenant_id: string; terminal_id: string; nonce: string; expires_at: number };
}

export const identityMigrations: readonly NumberedMigration[] = [
  {
    name: '001-identity',
    up: async (db) => {
      await db.schema
        .createTable('terminal')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('public_key', 'varchar(80)', (column) => column.notNull())
        .addColumn('site', 'varchar(120)', (column) => column.notNull())
        .addColumn('enrolled_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('terminal_pk', ['tenant_id', 'terminal_id'])
        .execute();
      await db.schema
        .createTable('seen_nonce')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('nonce', 'varchar(22)', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('seen_nonce_pk', ['tenant_id', 'terminal_id', 'nonce'])
        .addForeignKeyConstraint(
          'seen_nonce_terminal',
          ['tenant_id', 'terminal_id'],
          'terminal',
          ['tenant_id', 'terminal_id'],
          (constraint) => constraint.onDelete('cascade'),
        )
        .execute();
      await db.schema.createIndex('seen_nonce_expiry').on('seen_nonce').column('expires_at').execute();
      await db.schema
        .createTable('console_session')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('token_hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('user_name', 'varchar(40)', (column) => column.notNull())
        .addColumn('csrf', 'varchar(60)', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('console_session_pk', ['tenant_id', 'token_hash'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('console_session').execute();
      await db.schema.dropTable('seen_nonce').execute();
      await db.schema.dropTable('terminal').execute();
    },
  },
];
