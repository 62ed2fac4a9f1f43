import type { NumberedMigration } from '../store/index.ts';

export interface CommandTables {
  command: {
    tenant_id: string;
    command_id: string;
    terminal_id: string;
    kind: string;
    /** JSON of CommandAct. */
    act: string;
    sent_by: string;
    created_at: number;
    expires_at: number;
    state: string;
    reason: string | null;
    /** JSON. */
    steps: string | null;
    /** JSON: every state and its instant, oldest first. */
    history: string;
    /** Until when its end is waited for; null: it has one. */
    open_until: number | null;
  };
  command_attachment: {
    tenant_id: string;
    command_id: string;
    stored_at: number;
    type: string;
    bytes: number;
    /** Base64, sealed with the master key. */
    content: string;
  };
}

export const commandMigrations: readonly NumberedMigration[] = [
  {
    name: '018-commands',
    up: async (db) => {
      await db.schema
        .createTable('command')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('command_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kind', 'varchar(40)', (column) => column.notNull())
        .addColumn('act', 'text', (column) => column.notNull())
        .addColumn('sent_by', 'varchar(120)', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(20)', (column) => column.notNull())
        .addColumn('reason', 'varchar(60)')
        .addColumn('steps', 'text')
        .addColumn('history', 'text', (column) => column.notNull())
        .addColumn('open_until', 'bigint')
        .addPrimaryKeyConstraint('command_pk', ['tenant_id', 'command_id'])
        .execute();
      await db.schema
        .createIndex('command_terminal')
        .on('command')
        .columns(['tenant_id', 'terminal_id', 'created_at'])
        .execute();
      await db.schema.createIndex('command_open').on('command').column('open_until').execute();
      await db.schema
        .createTable('command_attachment')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('command_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('stored_at', 'bigint', (column) => column.notNull())
        .addColumn('type', 'varchar(60)', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('content', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('command_attachment_pk', ['tenant_id', 'command_id'])
        .execute();
      await db.schema
        .createIndex('command_attachment_time')
        .on('command_attachment')
        .column('stored_at')
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('command_attachment').execute();
      await db.schema.dropTable('command').execute();
    },
  },
];
