import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { StatusInfo } from '@jolly/drivers/pos/zvt';
import { z } from 'zod';

const Entry = z.object({
  stan: z.string(),
  amountCents: z.int(),
  kind: z.enum(['charge', 'reversal']),
  at: z.number(),
});
export type LedgerEntry = z.infer<typeof Entry>;

/** A result as it is kept: what `04 0F` says of it. */
export type Result = Omit<Partial<StatusInfo>, 'receiptToEcho'>;
const Result = z.custom<Result>((value) => typeof value === 'object' && value !== null);

const Movement = z.object({ result: Result, entry: Entry, reverses: z.string().optional() });
export type Movement = z.infer<typeof Movement>;

const Saved = z.object({
  v: z.literal(1),
  trace: z.int().min(0),
  receipt: z.int().min(0),
  ledger: z.array(Entry),
  /** Payments of the open day, by receipt number. */
  day: z.array(
    z.object({ receipt: z.string(), stan: z.string(), amountCents: z.int(), reversed: z.boolean() }),
  ),
  /** Approved by the host, not yet confirmed by the till. */
  pending: Movement.nullable(),
  /** What was taken back because the till never confirmed it. */
  takenBack: z.array(Entry),
  /** Newest last, two at most: what a repeated receipt tells, and the one before it. */
  results: z.array(Result),
});
type Saved = z.infer<typeof Saved>;

const blank = (): Saved => ({
  v: 1,
  trace: 0,
  receipt: 0,
  ledger: [],
  day: [],
  pending: null,
  takenBack: [],
  results: [],
});

const digits = (value: number, width: number) => String(value).padStart(width, '0');

/**
 * What the terminal keeps: its numbers, the last results, the open day, and the ledger of every lasting movement of money. An
 * approval is in the ledger only once the till has confirmed result and receipts (pos.md 2); what is still unconfirmed when
 * the terminal starts is taken back. Kept in a file, when one is given, so that it outlives the simulator's process.
 */
export class ZvtMemory {
  readonly #file: string | undefined;
  #saved: Saved;

  constructor(file?: string) {
    this.#file = file;
    this.#saved = file && existsSync(file) ? Saved.parse(JSON.parse(readFileSync(file, 'utf8'))) : blank();
    this.takeBack();
  }

  get ledger(): readonly LedgerEntry[] {
    return this.#saved.ledger;
  }
  get takenBack(): readonly LedgerEntry[] {
    return this.#saved.takenBack;
  }
  get lastTrace(): string {
    return digits(this.#saved.trace, 6);
  }
  get lastReceipt(): string {
    return digits(this.#saved.receipt, 4);
  }
  get dayTotalCents(): number {
    return this.#saved.day.reduce((sum, { amountCents, reversed }) => sum + (reversed ? 0 : amountCents), 0);
  }
  get day(): Saved['day'] {
    return this.#saved.day;
  }

  /** The last result; with `older` the one before it. */
  result(older = false): Result | undefined {
    return this.#saved.results.at(older ? -2 : -1);
  }

  /** Numbers of the next transaction. */
  nextNumbers(): { readonly trace: string; readonly receipt: string } {
    this.#saved.trace = (this.#saved.trace % 999_999) + 1;
    this.#saved.receipt = (this.#saved.receipt % 9_999) + 1;
    return { trace: this.lastTrace, receipt: this.lastReceipt };
  }

  /** Keeps a result that moved nothing. */
  keep(result: Result): void {
    this.#saved.results = [...this.#saved.results.slice(-1), result];
    this.#save();
  }

  /** The host has approved: it counts once it is confirmed. */
  approve(movement: Movement): void {
    this.#saved.pending = movement;
    this.#save();
  }

  /** The till has confirmed everything: stored, in one write. */
  store(): void {
    const { pending } = this.#saved;
    if (!pending) return;
    const { result, entry, reverses } = pending;
    this.#saved.pending = null;
    this.#saved.ledger.push(entry);
    if (entry.kind === 'charge') {
      const { stan, amountCents } = entry;
      this.#saved.day.push({ receipt: result.receipt ?? '', stan, amountCents, reversed: false });
    } else {
      for (const payment of this.#saved.day) if (payment.receipt === reverses) payment.reversed = true;
    }
    this.keep(result);
  }

  /** The till has not confirmed: as if it had not been. Gives what was taken back. */
  takeBack(): Movement | undefined {
    const { pending } = this.#saved;
    if (!pending) return undefined;
    this.#saved.pending = null;
    this.#saved.takenBack.push(pending.entry);
    this.#save();
    return pending;
  }

  closeDay(): Saved['day'] {
    const { day } = this.#saved;
    this.#saved.day = [];
    this.#save();
    return day;
  }

  #save(): void {
    if (!this.#file) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#saved), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
