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
 * The server's memory. Async, so that the same capabilities run on SQLite now and on PostgreSQL later; nothing above it
 * writes SQL of one dialect. `transaction` returns only after the commit is on the disk.
 */
export interface Store extends Tables {
  /** Runs `work` alone; a throw undoes all of it. Do not nest, and use only the given transaction inside. */
  transaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}
