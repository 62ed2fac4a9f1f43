import type { Kysely } from 'kysely';
import type { NumberedMigration } from '../store/index.ts';

export interface TerminalTables {
  /** How each terminal is, as far as it is known. */
  terminal_state: {
    tenant_id: string;
    terminal_id: string;
    online: number;
    boot: string | null;
    /** `connected`, `lost`, `stopping`, `silent`. */
    why: string | null;
    presence_at: number;
    last_seen: number;
    /** JSON of `Reported`. */
    reported: string | null;
    reported_seq: number;
    reported_at: number | null;
    software: string | null;
    in_session: number;
    settings_version: number;
    /** What others know of it: a maintenance window, a key that may be copied. */
    maintenance: number;
    suspect: number;
    state: string;
    reason: string | null;
    since: number;
  };
  /** One row each time what is known of a terminal changed how it stands. */
  terminal_change: {
    tenant_id: string;
    terminal_id: string;
    at: number;
    state: string;
    reason: string | null;
  };
}

async function createReport(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('terminal_report')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('terminal_report_pk', ['tenant_id', 'terminal_id'])
    .execute();
}

export const terminalMigrations: readonly NumberedMigration[] = [
  {
    name: '006-terminals',
    up: async (db) => {
      await createReport(db);
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

/** Part of 016-link: what a terminal reports comes over the link from now on. */
export async function createTerminalState(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('terminal_state')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('online', 'integer', (column) => column.notNull())
    .addColumn('boot', 'varchar(36)')
    .addColumn('why', 'varchar(10)')
    .addColumn('presence_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen', 'bigint', (column) => column.notNull())
    .addColumn('reported', 'text')
    .addColumn('reported_seq', 'bigint', (column) => column.notNull())
    .addColumn('reported_at', 'bigint')
    .addColumn('software', 'varchar(40)')
    .addColumn('in_session', 'integer', (column) => column.notNull())
    .addColumn('settings_version', 'bigint', (column) => column.notNull())
    .addColumn('maintenance', 'integer', (column) => column.notNull())
    .addColumn('suspect', 'integer', (column) => column.notNull())
    .addColumn('state', 'varchar(20)', (column) => column.notNull())
    .addColumn('reason', 'varchar(60)')
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('terminal_state_pk', ['tenant_id', 'terminal_id'])
    .execute();
  await db.schema.dropTable('terminal_report').execute();
}

export async function dropTerminalState(db: Kysely<unknown>): Promise<void> {
  await createReport(db);
  await db.schema.dropTable('terminal_state').execute();
}
