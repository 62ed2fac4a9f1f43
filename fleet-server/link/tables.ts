import { createReplicas, dropReplicas } from '../replicas/index.ts';
import type { NumberedMigration } from '../store/index.ts';
import { createTerminalState, dropTerminalState } from '../terminals/index.ts';

export interface LinkTables {
  /** What terminals sent from their outboxes, each entry once. */
  link_entry: {
    tenant_id: string;
    terminal_id: string;
    entry_id: string;
    /** When it happened by the terminal's clock, and when it was stored. */
    at: number;
    received_at: number;
    /** `telemetry`, `device`, `event`, `command`. */
    kind: string;
    /** JSON of `EntryData`. */
    data: string;
  };
}

export const linkMigrations: readonly NumberedMigration[] = [
  {
    name: '016-link',
    up: async (db) => {
      await db.schema
        .createTable('link_entry')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('entry_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addColumn('kind', 'varchar(10)', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('link_entry_pk', ['tenant_id', 'terminal_id', 'entry_id'])
        .execute();
      // a terminal's day, and what retention takes away
      await db.schema
        .createIndex('link_entry_day')
        .on('link_entry')
        .columns(['tenant_id', 'terminal_id', 'at'])
        .execute();
      await createTerminalState(db);
      await createReplicas(db);
    },
    down: async (db) => {
      await dropReplicas(db);
      await dropTerminalState(db);
      await db.schema.dropTable('link_entry').execute();
    },
  },
];
