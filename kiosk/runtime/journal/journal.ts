import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@jolly/contracts/values';
import Database from 'better-sqlite3';
import { chainHash, GENESIS, hashOfData } from './chain.ts';
import { journalError } from './errors.ts';
import type { Journal, Json, Letter, Step, StoredStep } from './port.ts';
import { JOURNAL_FILE, Reader, type StepRow } from './reader.ts';
import { migrate } from './schema.ts';

const DAY_MS = 86_400_000;

export interface JournalOptions {
  readonly clock: Clock;
  /** Age from which the in-between steps of a closed payment lose their data. */
  readonly detailDays?: number;
  /** Age from which a closed payment is dropped whole: reconciliation may ask for 13 months. */
  readonly keepDays?: number;
  /** Size of the write-ahead log made ready on opening and kept, so that a step overwrites and never grows a file. */
  readonly preallocateKiB?: number;
}

/** The log is folded into the file between payments once it holds this many pages (4 KiB each). */
const TIDY_PAGES = 512;

class SqliteJournal extends Reader implements Journal {
  readonly #db: Database.Database;
  readonly #options: Required<JournalOptions>;
  readonly #begin: Database.Statement<unknown[]>;
  readonly #end: Database.Statement<unknown[]>;
  readonly #insertStep: Database.Statement<unknown[]>;
  readonly #upsertPayment: Database.Statement<unknown[]>;
  readonly #insertLetter: Database.Statement<unknown[]>;
  readonly #settle: Database.Statement<unknown[]>;
  readonly #listeners = new Set<(writable: boolean) => void>();
  readonly #seqs = new Map<string, number>();
  #head: string;
  #last: number;
  #writable = true;
  #pagesSinceTidy = 0;

  constructor(db: Database.Database, options: Required<JournalOptions>) {
    super(db);
    this.#db = db;
    this.#options = options;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#end = db.prepare('COMMIT');
    this.#insertStep = db.prepare('INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#upsertPayment = db.prepare(
      `INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (payment_id) DO UPDATE SET
       state = excluded.state, seq = excluded.seq, updated_at = excluded.updated_at, closed_at = excluded.closed_at`,
    );
    this.#insertLetter = db.prepare(
      'INSERT INTO outbox (subject, kind, body, queued_at) VALUES (?, ?, ?, ?)',
    );
    this.#settle = db.prepare('UPDATE outbox SET settled_at = ?, refused = ? WHERE id = ?');
    const top = db.prepare<[], StepRow>('SELECT * FROM steps ORDER BY n DESC LIMIT 1').get();
    const anchor = db
      .prepare<[], { value: string }>("SELECT value FROM meta WHERE key = 'anchor'")
      .get()?.value;
    const [anchorN, anchorHash] = anchor ? (JSON.parse(anchor) as [number, string]) : [0, GENESIS];
    this.#head = top?.hash ?? anchorHash;
    this.#last = top?.n ?? anchorN;
  }

  get writable(): boolean {
    return this.#writable;
  }

  onWritable(listener: (writable: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One transaction, one sync. On failure nothing of it stands, in the file or in memory. */
  #commit<T>(work: () => T): T {
    try {
      this.#begin.run();
      let result: T;
      try {
        result = work();
        this.#end.run();
      } catch (error) {
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
      this.#pagesSinceTidy += 5;
      this.#setWritable(true);
      return result;
    } catch (cause) {
      this.#setWritable(false);
      const code = cause instanceof Database.SqliteError ? cause.code : 'UNKNOWN';
      throw journalError('JOURNAL_UNWRITABLE', { code }, { cause });
    }
  }

  #setWritable(writable: boolean): void {
    if (writable === this.#writable) return;
    this.#writable = writable;
    for (const listener of this.#listeners) listener(writable);
  }

  #seqOf(paymentId: string): number {
    const known = this.#seqs.get(paymentId);
    if (known !== undefined) return known + 1;
    const row = this.#db
      .prepare<[string], { seq: number | null }>('SELECT max(seq) AS seq FROM steps WHERE payment_id = ?')
      .get(paymentId);
    return (row?.seq ?? -1) + 1;
  }

  #write(
    paymentId: string,
    step: string,
    event: string,
    data: Json,
    closed: boolean,
    letters: readonly Letter[],
  ): StoredStep {
    const at = this.#options.clock.now();
    const text = JSON.stringify(data);
    const dataHash = hashOfData(text);
    const row = { n: this.#last + 1, paymentId, seq: this.#seqOf(paymentId), at, step, event, dataHash };
    const hash = chainHash(this.#head, row);
    this.#commit(() => {
      this.#insertStep.run(row.n, paymentId, row.seq, at, step, event, text, dataHash, hash);
      if (paymentId) this.#upsertPayment.run(paymentId, step, row.seq, at, at, closed ? at : null);
      for (const letter of letters) {
        this.#insertLetter.run(letter.subject, letter.kind, JSON.stringify(letter.body), at);
      }
    });
    this.#last = row.n;
    this.#head = hash;
    if (closed) this.#seqs.delete(paymentId);
    else this.#seqs.set(paymentId, row.seq);
    return { n: row.n, paymentId, seq: row.seq, at, step, event, data };
  }

  append(step: Step): StoredStep {
    return this.#write(step.paymentId, step.step, step.event, step.data, step.closed, step.letters);
  }

  note(event: string, data: Json): void {
    this.#write('', 'NOTE', event, data, false, []);
  }

  queue(letters: readonly Letter[]): void {
    const at = this.#options.clock.now();
    this.#commit(() => {
      for (const letter of letters) {
        this.#insertLetter.run(letter.subject, letter.kind, JSON.stringify(letter.body), at);
      }
    });
  }

  settle(letterId: number, refused?: string): void {
    this.#commit(() => this.#settle.run(this.#options.clock.now(), refused ?? null, letterId));
  }

  probe(): boolean {
    try {
      this.#commit(() =>
        this.#db
          .prepare(
            "INSERT INTO meta VALUES ('probe', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
          )
          .run(String(this.#options.clock.now())),
      );
    } catch (error) {
      // `#commit` has already told the listeners why; the caller wants a yes or no.
      return error === undefined;
    }
    return true;
  }

  tidy(): void {
    if (this.#pagesSinceTidy < TIDY_PAGES) return;
    // RESTART lets the next step begin at the start of the log again: its blocks are already on the disk.
    this.#db.pragma('wal_checkpoint(RESTART)');
    this.#pagesSinceTidy = 0;
  }

  prune(): { emptied: number; dropped: number } {
    const now = this.#options.clock.now();
    const result = { emptied: 0, dropped: 0 };
    this.#commit(() => {
      result.emptied = this.#db
        .prepare(
          `UPDATE steps SET data = NULL WHERE data IS NOT NULL AND at < $limit AND payment_id IN
             (SELECT p.payment_id FROM payments p WHERE p.closed_at < $limit AND p.seq <> steps.seq
                AND p.payment_id = steps.payment_id)`,
        )
        .run({ limit: now - this.#options.detailDays * DAY_MS }).changes;
      // Only a beginning of the chain may go, so that what stays can still be proved from the anchor.
      const limit = now - this.#options.keepDays * DAY_MS;
      const keep = this.#db
        .prepare<[{ limit: number }], { n: number | null }>(
          `SELECT min(s.n) AS n FROM steps s LEFT JOIN payments p ON p.payment_id = s.payment_id
            WHERE (s.payment_id = '' AND s.at >= $limit) OR (s.payment_id <> '' AND (p.closed_at IS NULL OR p.closed_at >= $limit))`,
        )
        .get({ limit })?.n;
      const last = this.#db
        .prepare<[number], { n: number; hash: string }>(
          'SELECT n, hash FROM steps WHERE n < ? ORDER BY n DESC LIMIT 1',
        )
        .get(keep ?? this.#last + 1);
      if (!last) return;
      this.#db
        .prepare(
          "INSERT INTO meta VALUES ('anchor', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .run(JSON.stringify([last.n, last.hash]));
      result.dropped = this.#db.prepare('DELETE FROM steps WHERE n <= ?').run(last.n).changes;
      this.#db
        .prepare(
          'DELETE FROM payments WHERE closed_at < ? AND payment_id NOT IN (SELECT payment_id FROM steps)',
        )
        .run(limit);
      this.#db.prepare('DELETE FROM outbox WHERE settled_at < ?').run(limit);
    });
    return result;
  }
}

/** Grows the log to its working size once, so that later commits overwrite blocks that the disk already has. */
function preallocate(db: Database.Database, kib: number): void {
  if (kib === 0) return;
  db.exec('BEGIN IMMEDIATE; CREATE TABLE ballast (filler BLOB);');
  db.prepare('INSERT INTO ballast VALUES (zeroblob(?))').run(kib * 1024);
  db.exec('DROP TABLE ballast; COMMIT;');
  db.pragma('wal_checkpoint(RESTART)');
}

/**
 * Opens (and makes, and migrates) the journal of a data folder for its one writer. Throws `JOURNAL_BUSY` while another
 * process writes there, `JOURNAL_UNWRITABLE` when the disk refuses.
 */
export function openJournal(dir: string, options: JournalOptions): Journal {
  const settings = { detailDays: 30, keepDays: 400, preallocateKiB: 2048, ...options };
  let db: Database.Database | undefined;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    db = new Database(join(dir, JOURNAL_FILE), { timeout: 1_000 });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('wal_autocheckpoint = 0');
    db.pragma('foreign_keys = ON');
    migrate(db);
    preallocate(db, settings.preallocateKiB);
    return new SqliteJournal(db, settings);
  } catch (cause) {
    db?.close();
    if (!(cause instanceof Database.SqliteError)) throw cause;
    const code = cause.code.startsWith('SQLITE_BUSY') ? 'JOURNAL_BUSY' : 'JOURNAL_UNWRITABLE';
    throw journalError(code, { code: cause.code }, { cause });
  }
}
