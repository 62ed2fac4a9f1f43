import type Database from 'better-sqlite3';
import { journalError } from './errors.ts';

/** One change of the tables, there and back. `up` of version n takes a journal of version n - 1. */
interface Migration {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/**
 * `steps` is append-only: the triggers refuse a changed step, except that pruning may empty `data` (its hash stays).
 * `n` orders the whole journal, `seq` one payment; `payment_id` is empty for a note about the terminal itself.
 */
export const migrations: readonly Migration[] = [
  {
    name: 'journal and outbox',
    up: `
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE steps (
        n INTEGER PRIMARY KEY,
        payment_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        step TEXT NOT NULL,
        event TEXT NOT NULL,
        data TEXT,
        data_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      );
      CREATE UNIQUE INDEX steps_by_payment ON steps (payment_id, seq);
      CREATE TRIGGER steps_never_change BEFORE UPDATE ON steps
        WHEN NEW.data IS NOT NULL OR NEW.n <> OLD.n OR NEW.payment_id <> OLD.payment_id OR NEW.seq <> OLD.seq
          OR NEW.at <> OLD.at OR NEW.step <> OLD.step OR NEW.event <> OLD.event
          OR NEW.data_hash <> OLD.data_hash OR NEW.hash <> OLD.hash
        BEGIN SELECT RAISE(ABORT, 'a journal step never changes'); END;
      CREATE TABLE payments (
        payment_id TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        seq INTEGER NOT NULL,
        opened_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        closed_at INTEGER
      ) WITHOUT ROWID;
      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        queued_at INTEGER NOT NULL,
        settled_at INTEGER,
        refused TEXT
      );
      CREATE INDEX outbox_waiting ON outbox (id) WHERE settled_at IS NULL;
    `,
    down: `
      DROP TABLE outbox;
      DROP TABLE payments;
      DROP TABLE steps;
      DROP TABLE meta;
    `,
  },
];

function version(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Brings the tables to `target` (the newest by default), one migration a transaction. */
export function migrate(db: Database.Database, target = migrations.length): void {
  if (version(db) > migrations.length) throw journalError('JOURNAL_VERSION', { version: version(db) });
  for (let at = version(db); at < target; at++) {
    db.transaction(() => {
      db.exec(migrations[at]?.up ?? '');
      db.pragma(`user_version = ${at + 1}`);
    })();
  }
  for (let at = version(db); at > target; at--) {
    db.transaction(() => {
      db.exec(migrations[at - 1]?.down ?? '');
      db.pragma(`user_version = ${at - 1}`);
    })();
  }
}
