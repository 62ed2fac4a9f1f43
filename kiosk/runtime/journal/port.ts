/** Anything that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A message to be delivered later, stored by the same commit as the step that causes it. */
export interface Letter {
  /** Whom it is about: a payment's id, a day. Letters of one subject leave in the order they were queued. */
  readonly subject: string;
  readonly kind: string;
  readonly body: Json;
}

export interface StoredLetter extends Letter {
  readonly id: number;
  /** Epoch ms. */
  readonly queuedAt: number;
}

/** One step to be written: what was decided (`event`) and where the payment stands from now on (`step`). */
export interface Step {
  readonly paymentId: string;
  readonly step: string;
  readonly event: string;
  /** The durable facts of the payment after this step. Never a debtor's data, never more of a PAN than its mask. */
  readonly data: Json;
  /** Nothing more will be done about this payment. */
  readonly closed: boolean;
  readonly letters: readonly Letter[];
}

export interface StoredStep {
  readonly n: number;
  readonly paymentId: string;
  readonly seq: number;
  readonly at: number;
  readonly step: string;
  readonly event: string;
  /** Undefined once pruned. */
  readonly data: Json | undefined;
}

export interface StoredPayment {
  readonly paymentId: string;
  readonly state: string;
  readonly seq: number;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | undefined;
  /** Data of the last step; undefined once pruned. */
  readonly data: Json | undefined;
}

/** What the chain says when read from end to end. */
export type ChainReport =
  | { readonly whole: true; readonly steps: number; readonly head: string }
  | { readonly whole: false; readonly brokenAt: number; readonly reason: 'hash' | 'data' | 'gap' };

/** Reading only: for `jolly journal`, and for a person with a copy of the data folder. */
export interface JournalReader {
  payments(options?: { readonly openOnly?: boolean; readonly limit?: number }): readonly StoredPayment[];
  /** Payments whose last step is at or after `from` and before `to` (epoch ms). */
  paymentsBetween(from: number, to: number): readonly StoredPayment[];
  payment(paymentId: string): StoredPayment | undefined;
  steps(paymentId: string): readonly StoredStep[];
  notes(): readonly StoredStep[];
  waiting(): readonly StoredLetter[];
  /** The last letter about a subject, sent or not. */
  letter(subject: string): StoredLetter | undefined;
  /** Letters set aside for good: refused by the server, with its code, or never sent because unfit (`LETTER_UNFIT`). */
  refused(): readonly (StoredLetter & { readonly code: string })[];
  verifyChain(): ChainReport;
  close(): void;
}

/**
 * The terminal's journal: one writer a data folder. Invariants: `append`, `note` and `settle` return only after the
 * commit has been synced to the disk, or throw `JOURNAL_UNWRITABLE` and have written nothing; steps are never changed.
 */
export interface Journal extends JournalReader {
  append(step: Step): StoredStep;
  /** Something about the terminal itself, e.g. a POS transaction that no payment explains. */
  note(event: string, data: Json): void;
  /** Queues letters that no step causes (the POS's figures of a day). */
  queue(letters: readonly Letter[]): void;
  /** The letter arrived (or was set aside for good, with the code of the refusal). */
  settle(letterId: number, refused?: string): void;
  /** False from a failed write until the next one that works. */
  readonly writable: boolean;
  /** Tries a write; cheap enough for once a minute. */
  probe(): boolean;
  onWritable(listener: (writable: boolean) => void): () => void;
  /**
   * Folds the write-ahead log into the file when it has grown. Costs further syncs: call it between payments only.
   */
  tidy(): void;
  /** Empties and drops what retention allows (docs/journal.md). */
  prune(): { readonly emptied: number; readonly dropped: number };
}
