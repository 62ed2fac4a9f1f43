import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { Journal, StoredLetter } from '../journal/index.ts';

/** Delivers one letter; resolves once the recipient has it on its own disk, rejects otherwise. */
export type Deliver = (letter: StoredLetter) => Promise<void>;

export interface OutboxOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly deliver: Deliver;
  /** The recipient refused the letter for good, or it is none that can be sent (`LETTER_UNFIT`): never tried again. */
  readonly onRefused: (letter: StoredLetter, code: string) => void;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

const RETRY_MS = [2_000, 5_000, 10_000, 30_000] as const;
const EVERY_MINUTE = 60_000;
const EVERY_FIVE = 300_000;
/** Ten minutes of every-minute tries after the first four: then every five minutes, for ever. */
const MINUTE_TRIES = 10;

/** Refusals that speak of the letter itself; any other (key, clock, load) may pass and is tried again. */
const FINAL = /^(BODY_|PAYMENT_|OUTCOME_|CHARGE_|FACT_|DAY_)/;

/** The wait before the next try after `failures` in a row (pagopa.md 7: 2, 5, 10, 30 s, each minute, each five). */
export function backOff(failures: number): number {
  return RETRY_MS[failures - 1] ?? (failures <= RETRY_MS.length + MINUTE_TRIES ? EVERY_MINUTE : EVERY_FIVE);
}

/**
 * Store and forward. Invariants: a letter is on the disk before it is sent and until it is acknowledged; letters of one
 * subject go one at a time in their order; a letter may arrive twice (its recipient knows it by its key), never not.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #sending = new Map<string, Promise<void>>();
  readonly #listeners = new Set<() => void>();
  #waiting: readonly StoredLetter[];
  #failures = 0;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#waiting = options.journal.waiting();
  }

  get depth(): number {
    return this.#waiting.length;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** There may be new letters: looks and sends at once what is not on its way already. */
  wake(): void {
    if (this.#closed) return;
    this.#refresh();
    const subjects = new Set(this.#waiting.map(({ subject }) => subject));
    for (const subject of subjects) {
      if (this.#sending.has(subject)) continue;
      this.#sending.set(
        subject,
        this.#sendAll(subject).finally(() => this.#sending.delete(subject)),
      );
    }
  }

  /** Stops at once; what waits, or is on its way without an answer, stays on the disk. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
  }

  #refresh(): void {
    this.#waiting = this.#options.journal.waiting();
    for (const listener of this.#listeners) listener();
  }

  async #sendAll(subject: string): Promise<void> {
    for (;;) {
      const letter = this.#options.journal.waiting().find((waiting) => waiting.subject === subject);
      if (!letter || this.#closed) return;
      if (!(await this.#send(letter))) return;
    }
  }

  async #send(letter: StoredLetter): Promise<boolean> {
    const { journal, log, deliver, onRefused } = this.#options;
    try {
      await deliver(letter);
      this.#failures = 0;
      if (this.#closed) return false;
      journal.settle(letter.id);
      this.#refresh();
      return true;
    } catch (error) {
      if (this.#closed) return false;
      const code = refusalOf(error);
      if (code === undefined || isJollyError(error, 'JOURNAL_UNWRITABLE')) {
        log('outbox-waits', { kind: letter.kind, failures: this.#failures + 1 });
        this.#tryLater();
        return false;
      }
      const faults = isJollyError(error) ? error.detail.faults : undefined;
      log('outbox-refused', { kind: letter.kind, code, ...(faults === undefined ? {} : { faults }) });
      try {
        onRefused(letter, code);
        journal.settle(letter.id, code);
      } catch (unwritable) {
        if (!isJollyError(unwritable, 'JOURNAL_UNWRITABLE')) throw unwritable;
        this.#tryLater();
        return false;
      }
      this.#refresh();
      return true;
    }
  }

  #tryLater(): void {
    this.#failures++;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(backOff(this.#failures), () => this.wake());
  }
}

/**
 * Code of a refusal that will not change; undefined when the letter is to be tried again. Only the fleet server's own word
 * counts: a bare 404 of something between (a proxy without its route) says nothing about the letter. Besides, a letter that
 * does not fit its own contract is never sent.
 */
export function refusalOf(error: unknown): string | undefined {
  if (isJollyError(error, 'LETTER_UNFIT')) return error.code;
  if (!isJollyError(error, 'SERVER_REFUSED')) return undefined;
  const code = String(error.detail.code ?? '');
  return FINAL.test(code) ? code : undefined;
}
