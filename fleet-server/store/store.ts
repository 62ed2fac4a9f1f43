import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** One numbered step of the schema, e.g. `010-payments`; capabilities bring theirs, the store runs all in order. */
export interface NumberedMigration extends Required<Migration> {
  readonly name: string;
}

/** A place to read and write: the store itself, or one transaction of it. Each capability names only its own tables. */
export interface Tables {
  of<T>(): Kysely<T>;
}

declare const inTransaction: unique symbol;
/** A transaction: what takes one commits together or not at all. */
export interface Transaction extends Tables {
  readonly [inTransaction]: true;
}

/**
 * The server's memory, on SQLite or on PostgreSQL: the same capabilities run on both, and nothing above the store writes SQL of one
 * dialect. What changes the store returns only after the commit is on the disk.
 */
export interface Store extends Tables {
  readonly kind: 'sqlite' | 'postgres';
  /**
   * Runs `work` alone, also among the server's replicas; a throw undoes all of it. Do not nest, and use only the given transaction
   * inside. `work` may run again from its beginning when the database gave way before the commit.
   */
  transaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
  /**
   * For work of high volume that bears company: runs beside others of its kind, never beside a `transaction`. Two that share a key
   * (`tenant/terminal`) run one after the other. Rows that a key does not guard are written with one statement each. On SQLite
   * it is a `transaction`.
   */
  concurrently<R>(keys: readonly string[], work: (tx: Transaction) => Promise<R>): Promise<R>;
  /** Runs `task` once what is being written is committed, or at once where nothing is; never when it is undone. */
  afterCommit(task: () => void): void;
  /** Words between the replicas of this server; in this process where there is one. */
  readonly signals: Signals;
  /** Throws when the store does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Best effort: who hears one looks for itself. Words that were lost with a connection are made up for by `missed`. */
export interface Signals {
  /** Heard in this process at once and elsewhere soon; there, equal words told in one breath are one. */
  tell(channel: string, word: string): void;
  /** The returned function ends it. */
  hear(channel: string, listener: SignalListener): () => void;
}

export interface SignalListener {
  told(word: string): void;
  /** The way to the others was away: anything may have been said. */
  missed(): void;
}
