import type { Kysely } from 'kysely';
import { createSites, dropSites } from '../sites/index.ts';
import type { NumberedMigration } from '../store/index.ts';

export interface EnrolmentTables {
  /** A terminal that nobody knows yet. It is of no tenant: `tenant_id` is always `UNKNOWN`. */
  pending_enrolment: {
    tenant_id: string;
    public_key: string;
    code: string;
    /** The municipality that the terminal's own file names: then only that one may take it in. */
    hint_tenant: string | null;
    serial: string | null;
    hostname: string | null;
    software: string;
    asked_at: number;
    expires_at: number;
    asked_from: string;
    state: 'waiting' | 'refused';
    /** When somebody of the staff opened its code; null: nobody did. */
    looked_at: number | null;
  };
  pre_authorisation: {
    tenant_id: string;
    serial: string;
    terminal_id: string;
    site_id: string | null;
    expires_at: number;
    by_name: string;
  };
  /** Keys that a terminal had before its present one; none comes back. */
  terminal_key: {
    tenant_id: string;
    terminal_id: string;
    public_key: string;
    since: number;
    until: number;
    ended: 'rotated' | 'replaced';
  };
  link_lease: {
    tenant_id: string;
    terminal_id: string;
    /** What the terminal has proved to hold; null before its first. */
    held: string | null;
    /** What it was given and has not proved yet: JSON, `[{ boot, lease }]`. */
    offers: string;
    machine: string;
    boot: string;
    /** When it said so: its clock, and ours. */
    said_at: number;
    greeted_at: number;
  };
  /** The municipality's own certificate authority for client certificates; its key is in the vault. */
  tenant_ca: { tenant_id: string; certificate: string; not_after: number };
  link_certificate: {
    tenant_id: string;
    terminal_id: string;
    /** Hex. */
    serial: string;
    public_key: string;
    certificate: string;
    not_before: number;
    not_after: number;
  };
}

const ADDED = [
  'status',
  'suspect_why',
  'site_id',
  'serial',
  'key_since',
  'previous_key',
  'previous_until',
] as const;

async function extendTerminals(db: Kysely<unknown>): Promise<void> {
  const alter = () => db.schema.alterTable('terminal');
  await alter()
    .addColumn('status', 'varchar(20)', (column) => column.notNull().defaultTo('enrolled'))
    .execute();
  await alter().addColumn('suspect_why', 'varchar(40)').execute();
  await alter().addColumn('site_id', 'varchar(36)').execute();
  await alter().addColumn('serial', 'varchar(64)').execute();
  await alter()
    .addColumn('key_since', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await alter().addColumn('previous_key', 'varchar(80)').execute();
  await alter().addColumn('previous_until', 'bigint').execute();
  const rows = db as Kysely<{ terminal: { key_since: number; enrolled_at: number } }>;
  await rows
    .updateTable('terminal')
    .set((each) => ({ key_since: each.ref('enrolled_at') }))
    .execute();
  await db.schema.createIndex('terminal_by_key').on('terminal').column('public_key').execute();
}

async function createEnrolment(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('pending_enrolment')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('public_key', 'varchar(80)', (column) => column.notNull())
    .addColumn('code', 'varchar(8)', (column) => column.notNull())
    .addColumn('hint_tenant', 'varchar(40)')
    .addColumn('serial', 'varchar(64)')
    .addColumn('hostname', 'varchar(64)')
    .addColumn('software', 'varchar(40)', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('asked_from', 'varchar(64)', (column) => column.notNull())
    .addColumn('state', 'varchar(10)', (column) => column.notNull())
    .addColumn('looked_at', 'bigint')
    .addPrimaryKeyConstraint('pending_enrolment_pk', ['tenant_id', 'public_key'])
    .execute();
  await db.schema
    .createIndex('pending_enrolment_code')
    .unique()
    .on('pending_enrolment')
    .column('code')
    .execute();
  await db.schema
    .createTable('pre_authorisation')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('serial', 'varchar(64)', (column) => column.notNull())
    .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('site_id', 'varchar(36)')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('by_name', 'varchar(120)', (column) => column.notNull())
    .addPrimaryKeyConstraint('pre_authorisation_pk', ['tenant_id', 'serial'])
    .execute();
  await db.schema
    .createTable('terminal_key')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('public_key', 'varchar(80)', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addColumn('ended', 'varchar(20)', (column) => column.notNull())
    .addPrimaryKeyConstraint('terminal_key_pk', ['tenant_id', 'terminal_id', 'public_key'])
    .execute();
  await db.schema.createIndex('terminal_key_known').on('terminal_key').column('public_key').execute();
}

async function createLinkAccess(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('link_lease')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('held', 'varchar(64)')
    .addColumn('offers', 'text', (column) => column.notNull())
    .addColumn('machine', 'varchar(64)', (column) => column.notNull())
    .addColumn('boot', 'varchar(36)', (column) => column.notNull())
    .addColumn('said_at', 'bigint', (column) => column.notNull())
    .addColumn('greeted_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('link_lease_pk', ['tenant_id', 'terminal_id'])
    .execute();
  await db.schema
    .createTable('tenant_ca')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('certificate', 'text', (column) => column.notNull())
    .addColumn('not_after', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('tenant_ca_pk', ['tenant_id'])
    .execute();
  await db.schema
    .createTable('link_certificate')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('serial', 'varchar(40)', (column) => column.notNull())
    .addColumn('public_key', 'varchar(80)', (column) => column.notNull())
    .addColumn('certificate', 'text', (column) => column.notNull())
    .addColumn('not_before', 'bigint', (column) => column.notNull())
    .addColumn('not_after', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('link_certificate_pk', ['tenant_id', 'terminal_id', 'serial'])
    .execute();
}

export const enrolmentMigrations: readonly NumberedMigration[] = [
  {
    name: '015-enrolment',
    up: async (db) => {
      await createSites(db);
      await extendTerminals(db);
      await createEnrolment(db);
      await createLinkAccess(db);
    },
    down: async (db) => {
      for (const table of [
        'link_certificate',
        'tenant_ca',
        'link_lease',
        'terminal_key',
        'pre_authorisation',
        'pending_enrolment',
      ]) {
        await db.schema.dropTable(table).execute();
      }
      await db.schema.dropIndex('terminal_by_key').execute();
      for (const column of ADDED) await db.schema.alterTable('terminal').dropColumn(column).execute();
      await dropSites(db);
    },
  },
];
