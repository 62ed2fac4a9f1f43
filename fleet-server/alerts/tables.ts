import type { NumberedMigration } from '../store/index.ts';

export interface AlertTables {
  alert: {
    tenant_id: string;
    alert_id: string;
    terminal_id: string;
    rule: string;
    subject: string;
    severity: string;
    /** `open`, `acknowledged`, `healed`. */
    state: string;
    /** Terminal, rule and subject while it is not healed, else null: one alert a trouble, whoever writes. */
    open_key: string | null;
    opened_at: number;
    last_at: number;
    repeats: number;
    healed_at: number | null;
    acknowledged_by: string | null;
    acknowledged_at: number | null;
    note: string | null;
    /** Instant from which the minutes of the escalation count: its opening, or its return after its end was told. */
    counts_from: number;
    /** When somebody may have to be told next; null: nobody, as it is. */
    tell_at: number | null;
    /** Tries in a row that failed to tell. */
    tell_tries: number;
    /** Steps of the escalation that were told. */
    escalation: number;
    /** Its end was told to whom its beginning was told. */
    end_told: number;
    /** JSON. */
    detail: string;
  };
  maintenance_window: {
    tenant_id: string;
    window_id: string;
    /** `municipality`, `site`, `terminal`, and the id in `scope_id` ('' for a municipality). */
    scope: string;
    scope_id: string;
    starts_at: number;
    ends_at: number;
    reason: string;
    created_by: string;
  };
  /** One row a municipality: what AlertSettings says, JSON. */
  alert_settings: { tenant_id: string; body: string; changed_at: number };
  /** What a consumable said, at most every hour. */
  consumable_sample: {
    tenant_id: string;
    terminal_id: string;
    role: string;
    name: string;
    at: number;
    left_share: number | null;
    used: number | null;
  };
}

export const alertMigrations: readonly NumberedMigration[] = [
  {
    name: '019-alerts',
    up: async (db) => {
      await db.schema
        .createTable('alert')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('alert_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('rule', 'varchar(40)', (column) => column.notNull())
        .addColumn('subject', 'varchar(40)', (column) => column.notNull())
        .addColumn('severity', 'varchar(10)', (column) => column.notNull())
        .addColumn('state', 'varchar(12)', (column) => column.notNull())
        .addColumn('open_key', 'varchar(130)')
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('last_at', 'bigint', (column) => column.notNull())
        .addColumn('repeats', 'integer', (column) => column.notNull())
        .addColumn('healed_at', 'bigint')
        .addColumn('acknowledged_by', 'varchar(120)')
        .addColumn('acknowledged_at', 'bigint')
        .addColumn('note', 'varchar(300)')
        .addColumn('counts_from', 'bigint', (column) => column.notNull())
        .addColumn('tell_at', 'bigint')
        .addColumn('tell_tries', 'integer', (column) => column.notNull())
        .addColumn('escalation', 'integer', (column) => column.notNull())
        .addColumn('end_told', 'integer', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('alert_pk', ['tenant_id', 'alert_id'])
        .addUniqueConstraint('alert_open', ['tenant_id', 'open_key'])
        .execute();
      await db.schema
        .createIndex('alert_terminal')
        .on('alert')
        .columns(['tenant_id', 'terminal_id', 'last_at'])
        .execute();
      await db.schema
        .createIndex('alert_state')
        .on('alert')
        .columns(['tenant_id', 'state', 'opened_at'])
        .execute();
      await db.schema.createIndex('alert_tell').on('alert').columns(['tenant_id', 'tell_at']).execute();
      await db.schema
        .createTable('maintenance_window')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('window_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('scope', 'varchar(12)', (column) => column.notNull())
        .addColumn('scope_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('starts_at', 'bigint', (column) => column.notNull())
        .addColumn('ends_at', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'varchar(200)', (column) => column.notNull())
        .addColumn('created_by', 'varchar(120)', (column) => column.notNull())
        .addPrimaryKeyConstraint('maintenance_window_pk', ['tenant_id', 'window_id'])
        .execute();
      await db.schema
        .createTable('alert_settings')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('alert_settings_pk', ['tenant_id'])
        .execute();
      await db.schema
        .createTable('consumable_sample')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('role', 'varchar(20)', (column) => column.notNull())
        .addColumn('name', 'varchar(40)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('left_share', 'double precision')
        .addColumn('used', 'double precision')
        .addPrimaryKeyConstraint('consumable_sample_pk', ['tenant_id', 'terminal_id', 'role', 'name', 'at'])
        .execute();
    },
    down: async (db) => {
      for (const table of ['consumable_sample', 'alert_settings', 'maintenance_window', 'alert']) {
        await db.schema.dropTable(table).execute();
      }
    },
  },
];
