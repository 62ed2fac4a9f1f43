import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { chainHash, GENESIS, hashOfData } from './chain.ts';
import { journalError } from './errors.ts';
import type { ChainReport, JournalReader, Json, StoredLetter, StoredPayment, StoredStep } from './port.ts';

export const JOURNAL_FILE = 'journal.db';

export interface StepRow {
  n: number;
  payment_id: string;
  seq: number;
  at: number;
  step: string;
  event: string;
  data: string | null;
  data_hash: string;
  hash: string;
}
interface PaymentRow {
  payment_id: string;
  state: string;
  seq: number;
  opened_at: number;
  updated_at: number;
  closed_at: number | null;
  data: string | null;
}
interface LetterRow {
  id: number;
  subject: string;
  kind: string;
  body: string;
  queued_at: number;
  refused: string | null;
}

function json(text: string, where: number | string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw journalError('JOURNAL_DAMAGED', { row: where }, { cause });
  }
}

const toStep = (row: StepRow): StoredStep => ({
  n: row.n,
  paymentId: row.payment_id,
  seq: row.seq,
  at: row.at,
  step: row.step,
  event: row.event,
  data: row.data === null ? undefined : json(row.data, row.n),
});

const toPayment = (row: PaymentRow): StoredPayment => ({
  paymentId: row.payment_id,
  state: row.state,
  seq: row.seq,
  openedAt: row.opened_at,
  updatedAt: row.updated_at,
  closedAt: row.closed_at ?? undefined,
  data: row.data === null ? undefined : json(row.data, row.payment_id),
});

const toLetter = (row: LetterRow): StoredLetter => ({
  id: row.id,
  subject: row.subject,
  kind: row.kind,
  body: json(row.body, row.id),
  queuedAt: row.queued_at,
});

const PAYMENTS = `
  SELECT p.*, s.data FROM payments p LEFT JOIN steps s ON s.payment_id = p.payment_id AND s.seq = p.seq`;

/** The reading half, on any connection. */
export class Reader implements JournalReader {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  payments(options: { openOnly?: boolean; limit?: number } = {}): readonly StoredPayment[] {
    const where = options.openOnly ? 'WHERE p.closed_at IS NULL' : '';
    return this.#db
      .prepare<[number], PaymentRow>(`${PAYMENTS} ${where} ORDER BY p.payment_id DESC LIMIT ?`)
      .all(options.limit ?? -1)
      .map(toPayment);
  }

  paymentsBetween(from: number, to: number): readonly StoredPayment[] {
    return this.#db
      .prepare<[number, number], PaymentRow>(
        `${PAYMENTS} WHERE p.updated_at >= ? AND p.opened_at < ? ORDER BY p.payment_id`,
      )
      .all(from, to)
      .map(toPayment);
  }

  payment(paymentId: string): StoredPayment | undefined {
    const row = this.#db.prepare<[string], PaymentRow>(`${PAYMENTS} WHERE p.payment_id = ?`).get(paymentId);
    return row && toPayment(row);
  }

  steps(paymentId: string): readonly StoredStep[] {
    return this.#db
      .prepare<[string], StepRow>('SELECT * FROM steps WHERE payment_id = ? ORDER BY seq')
      .all(paymentId)
      .map(toStep);
  }

  notes(): readonly StoredStep[] {
    return this.steps('');
  }

  waiting(): readonly StoredLetter[] {
    return this.#db
      .prepare<[], LetterRow>('SELECT * FROM outbox WHERE settled_at IS NULL ORDER BY id')
      .all()
      .map(toLetter);
  }

  letter(subject: string): StoredLetter | undefined {
    const row = this.#db
      .prepare<[string], LetterRow>('SELECT * FROM outbox WHERE subject = ? ORDER BY id DESC LIMIT 1')
      .get(subject);
    return row && toLetter(row);
  }

  refused(): readonly (StoredLetter & { readonly code: string })[] {
    return this.#db
      .prepare<[], LetterRow>('SELECT * FROM outbox WHERE refused IS NOT NULL ORDER BY id')
      .all()
      .map((row) => ({ ...toLetter(row), code: row.refused ?? '' }));
  }

  verifyChain(): ChainReport {
    const anchor = this.#db
      .prepare<[], { value: string }>("SELECT value FROM meta WHERE key = 'anchor'")
      .get()?.value;
    let [last, head] = anchor ? (JSON.parse(anchor) as [number, string]) : [0, GENESIS];
    let steps = 0;
    for (const row of this.#db.prepare<[], StepRow>('SELECT * FROM steps ORDER BY n').iterate()) {
      if (row.n !== last + 1) return { whole: false, brokenAt: last + 1, reason: 'gap' };
      if (row.data !== null && hashOfData(row.data) !== row.data_hash) {
        return { whole: false, brokenAt: row.n, reason: 'data' };
      }
      const step = { ...row, paymentId: row.payment_id, dataHash: row.data_hash };
      if (chainHash(head, step) !== row.hash) return { whole: false, brokenAt: row.n, reason: 'hash' };
      head = row.hash;
      last = row.n;
      steps++;
    }
    return { whole: true, steps, head };
  }

  close(): void {
    this.#db.close();
  }
}

/** Opens a journal for reading beside a running terminal. Throws `JOURNAL_ABSENT` where there is none. */
export function readJournal(dir: string): JournalReader {
  const file = join(dir, JOURNAL_FILE);
  if (!existsSync(file)) throw journalError('JOURNAL_ABSENT', { file });
  return new Reader(new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 }));
}
