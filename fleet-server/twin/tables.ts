import type { NumberedMigration } from '../store/index.ts';

export interface TwinTables {
  /** What each layer says now. */
  settings_layer: {
    tenant_id: string;
    layer: string;
    layer_id: string;
    version: number;
    /** `TerminalSettings` as JSON. */
    document: string;
  };
  /** Everything a layer ever said; only added to. */
  settings_version: {
    tenant_id: string;
    /** One series over all layers of the installation. */
    version: number;
    layer: string;
    layer_id: string;
    at: number;
    author: string;
    note: string;
    revert_of: number | null;
    document: string;
  };
  /** A version whose terminals have not all been looked at yet. */
  settings_work: {
    tenant_id: string;
    version: number;
    layer: string;
    layer_id: string;
    /** The last terminal that was looked at. */
    done_tenant: string;
    done_terminal: string;
  };
  /** What a terminal is told to be, and what it said of it. */
  terminal_settings: {
    tenant_id: string;
    terminal_id: string;
    /** Of this terminal: grows each time its document changes. */
    version: number;
    /** SHA-256 of the document, hex. */
    hash: string;
    document: string;
    changed_at: number;
    /** When it is to be sent (again); null = the broker has it, or nobody need have it. */
    send_at: number | null;
    reported_version: number | null;
    refused_version: number | null;
    /** `Fault[]` as JSON of the refused version. */
    faults: string | null;
  };
}

export const twinMigrations: readonly NumberedMigration[] = [
  {
    name: '017-twin',
    up: async (db) => {
      await db.schema
        .createTable('settings_layer')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('layer', 'varchar(12)', (column) => column.notNull())
        .addColumn('layer_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('version', 'bigint', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('settings_layer_pk', ['tenant_id', 'layer', 'layer_id'])
        .execute();
      await db.schema
        .createTable('settings_version')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('version', 'bigint', (column) => column.notNull())
        .addColumn('layer', 'varchar(12)', (column) => column.notNull())
        .addColumn('layer_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('author', 'varchar(120)', (column) => column.notNull())
        .addColumn('note', 'varchar(200)', (column) => column.notNull())
        .addColumn('revert_of', 'bigint')
        .addColumn('document', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('settings_version_pk', ['tenant_id', 'version'])
        .addUniqueConstraint('settings_version_series', ['version'])
        .execute();
      await db.schema
        .createIndex('settings_version_of_layer')
        .on('settings_version')
        .columns(['tenant_id', 'layer', 'layer_id', 'version'])
        .execute();
      await db.schema
        .createTable('settings_work')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('version', 'bigint', (column) => column.notNull())
        .addColumn('layer', 'varchar(12)', (column) => column.notNull())
        .addColumn('layer_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('done_tenant', 'varchar(40)', (column) => column.notNull())
        .addColumn('done_terminal', 'varchar(40)', (column) => column.notNull())
        .addPrimaryKeyConstraint('settings_work_pk', ['tenant_id', 'version'])
        .execute();
      await db.schema
        .createTable('terminal_settings')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('version', 'bigint', (column) => column.notNull())
        .addColumn('hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .addColumn('send_at', 'bigint')
        .addColumn('reported_version', 'bigint')
        .addColumn('refused_version', 'bigint')
        .addColumn('faults', 'text')
        .addPrimaryKeyConstraint('terminal_settings_pk', ['tenant_id', 'terminal_id'])
        .execute();
      await db.schema
        .createIndex('terminal_settings_to_send')
        .on('terminal_settings')
        .column('send_at')
        .execute();
      // What the console reads of a large fleet: by standing, without who was taken out, and what was paid in a day.
      await db.schema
        .createIndex('terminal_state_standing')
        .on('terminal_state')
        .columns(['tenant_id', 'state', 'terminal_id'])
        .execute();
      await db.schema
        .createIndex('terminal_status')
        .on('terminal')
        .columns(['tenant_id', 'status', 'terminal_id'])
        .execute();
      await db.schema
        .createIndex('payment_by_day')
        .on('payment')
        .columns(['tenant_id', 'charged_at'])
        .execute();
    },
    down: async (db) => {
      for (const index of ['payment_by_day', 'terminal_status', 'terminal_state_standing']) {
        await db.schema.dropIndex(index).execute();
      }
      await db.schema.dropTable('terminal_settings').execute();
      await db.schema.dropTable('settings_work').execute();
      await db.schema.dropTable('settings_version').execute();
      await db.schema.dropTable('settings_layer').execute();
    },
  },
];
