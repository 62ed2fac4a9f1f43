import { existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** An entry as it waits. `n` is the order in which they came; `bytes` what it weighs, with what the file needs for it. */
export interface Waiting {
  readonly n: number;
  readonly id: string;
  readonly at: number;
  readonly worth: number;
  readonly data: string;
  readonly bytes: number;
}

export interface Weight {
  readonly entries: number;
  readonly bytes: number;
}

/** Pages of the log after which it is folded into the file (4 KiB each): it stays as large as it was made. */
const LOG_PAGES = 64;
const LOG_KIB = LOG_PAGES * 4 * 2;

const TABLES = `
  CREATE TABLE IF NOT EXISTS entries (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, worth INTEGER NOT NULL, bytes INTEGER NOT NULL,
    data TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS entries_by_worth ON entries (worth, n);
  CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * The file of the entries. Made at its full size once, log and all, so that a disk which others have filled does not stop it. Every act
 * is one transaction and on the disk when it returns; each throws SQLite's own error.
 */
export class EntryFile {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<unknown[]>;
  readonly #remove: Database.Statement<unknown[]>;

  constructor(path: string, makeKiB: number) {
    const fresh = !existsSync(path);
    const db = new Database(path, { timeout: 1000 });
    try {
      db.pragma('synchronous = FULL');
      if (fresh) grow(db, makeKiB);
      db.pragma('journal_mode = WAL');
      db.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
      db.exec(TABLES);
      if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new Damaged();
      if (fresh && makeKiB > 0) grow(db, LOG_KIB);
      // what the log was grown by is in the file too when it is folded
      fold(db);
      this.#insert = db.prepare(
        'INSERT INTO entries (n, id, at, worth, bytes, data) VALUES (@n, @id, @at, @worth, @bytes, @data) ON CONFLICT (id) DO NOTHING',
      );
      this.#remove = db.prepare('DELETE FROM entries WHERE id = ?');
    } catch (error) {
      db.close();
      throw error;
    }
    this.#db = db;
  }

  weight(): Weight & { readonly last: number } {
    return this.#db
      .prepare<[], Weight & { last: number }>(
        'SELECT count(*) AS entries, coalesce(sum(bytes), 0) AS bytes, coalesce(max(n), 0) AS last FROM entries',
      )
      .get() as Weight & { last: number };
  }

  count(name: string): number {
    return (
      this.#db.prepare<[string], { value: number }>('SELECT value FROM counts WHERE name = ?').get(name)
        ?.value ?? 0
    );
  }

  /** In the order in which they came, from after `n`. */
  *from(n: number): Generator<Waiting> {
    const some = this.#db.prepare<[number], Waiting>(
      'SELECT * FROM entries WHERE n > ? ORDER BY n LIMIT 256',
    );
    for (let after = n; ; ) {
      const rows = some.all(after);
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.n;
    }
  }

  /** Least worthy and oldest first. */
  leastWorthy(limit: number): readonly Waiting[] {
    return this.#db.prepare<[number], Waiting>('SELECT * FROM entries ORDER BY worth, n LIMIT ?').all(limit);
  }

  /** Everything of one act of the outbox, or nothing of it. */
  change(act: {
    readonly put?: readonly Waiting[];
    readonly remove?: Iterable<string>;
    readonly counts?: Readonly<Record<string, number>>;
  }): void {
    this.#db
      .transaction(() => {
        for (const id of act.remove ?? []) this.#remove.run(id);
        for (const row of act.put ?? []) this.#insert.run(row);
        for (const [name, value] of Object.entries(act.counts ?? {})) {
          this.#db
            .prepare(
              'INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            )
            .run(name, value);
        }
      })
      .immediate();
  }

  /** Folds the log into the file, so that the next act begins it anew. */
  fold(): void {
    fold(this.#db);
  }

  close(): void {
    this.#db.close();
  }
}

/** The file opens and is not sound. */
export class Damaged extends Error {}

function fold(db: Database.Database): void {
  try {
    db.pragma('wal_checkpoint(RESTART)');
  } catch (error) {
    // no room for that either: the log stays as it is
    if (!isFull(error)) throw error;
  }
}

/** Takes room from the disk that the file gives back to itself only. */
function grow(db: Database.Database, kib: number): void {
  if (kib === 0) return;
  db.exec('BEGIN IMMEDIATE; CREATE TABLE ballast (filler BLOB);');
  try {
    db.prepare('INSERT INTO ballast VALUES (zeroblob(?))').run(kib * 1024);
    db.exec('DROP TABLE ballast; COMMIT;');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    // less room than wished: what there is has to do
    if (!isFull(error)) throw error;
  }
}

export const isFull = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_FULL');

export const isDamage = (error: unknown): boolean =>
  error instanceof Damaged ||
  (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code));

export const isOfTheFile = (error: unknown): boolean =>
  isDamage(error) || error instanceof Database.SqliteError;

export const reasonOf = (error: unknown): string =>
  error instanceof Damaged
    ? 'DAMAGED'
    : error instanceof Error && 'code' in error
      ? String(error.code)
      : 'UNKNOWN';

/** What can still be read of a damaged file, no more than `most`. */
export function salvage(
  path: string,
  most: number,
): { readonly rows: readonly Waiting[]; readonly counts: ReadonlyMap<string, number> } {
  const rows: Waiting[] = [];
  const counts = new Map<string, number>();
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true });
    for (const { name, value } of db
      .prepare<[], { name: string; value: number }>('SELECT * FROM counts')
      .all())
      counts.set(name, value);
    for (const row of db.prepare<[], Waiting>('SELECT * FROM entries ORDER BY n').iterate()) {
      if (rows.length >= most) break;
      rows.push(row);
    }
  } catch (error) {
    // it is damaged: what came before this place is what there is
    if (!isOfTheFile(error)) throw error;
  } finally {
    db?.close();
  }
  return { rows, counts };
}

/** Puts a damaged file beside, in the place of the one that was there from the last time. */
export function setAside(path: string): void {
  renameSync(path, `${path}.damaged`);
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}
