import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { PaymentAnswer } from '@jolly/drivers/pos/ecr17';
import { z } from 'zod';

const Entry = z.object({
  stan: z.string(),
  amountCents: z.int(),
  kind: z.enum(['charge', 'reversal']),
  at: z.number(),
});
export type LedgerEntry = z.infer<typeof Entry>;

const Saved = z.object({
  v: z.literal(1),
  stan: z.int().min(0),
  onlineId: z.int().min(0),
  posTotalCents: z.int(),
  ledger: z.array(Entry),
  /** STAN of the last payment, while it can still be reversed. */
  reversible: z.object({ stan: z.string(), amountCents: z.int() }).nullable(),
  /** Newest last, two at most: what `G` tells, and the one before it. */
  results: z.array(z.custom<PaymentAnswer>((value) => typeof value === 'object' && value !== null)),
});
type Saved = z.infer<typeof Saved>;

const blank = (): Saved => ({
  v: 1,
  stan: 0,
  onlineId: 0,
  posTotalCents: 0,
  ledger: [],
  reversible: null,
  results: [],
});

/**
 * The terminal's static memory: counters, last result, and the ledger of every real movement of money. Kept in a file, when
 * one is given, so that it outlives the simulator's process.
 */
export class TerminalMemory {
  readonly #file: string | undefined;
  #saved: Saved;

  constructor(file?: string) {
    this.#file = file;
    this.#saved = file && existsSync(file) ? Saved.parse(JSON.parse(readFileSync(file, 'utf8'))) : blank();
  }

  get ledger(): readonly LedgerEntry[] {
    return this.#saved.ledger;
  }
  get posTotalCents(): number {
    return this.#saved.posTotalCents;
  }
  get lastStan(): string {
    return String(this.#saved.stan).padStart(6, '0');
  }
  get reversible(): Saved['reversible'] {
    return this.#saved.reversible;
  }
  /** The last result; with `older` the one before it. */
  result(older = false): PaymentAnswer | undefined {
    return this.#saved.results.at(older ? -2 : -1);
  }

  /** Numbers of the next transaction that reaches the host. */
  nextNumbers(): { readonly stan: string; readonly onlineId: string } {
    this.#saved.stan = (this.#saved.stan % 999_999) + 1;
    this.#saved.onlineId = (this.#saved.onlineId % 999_999) + 1;
    return { stan: this.lastStan, onlineId: String(this.#saved.onlineId).padStart(6, '0') };
  }

  /** Keeps a result, with the movement of money it stands for when there is one, in one write. */
  keep(result: PaymentAnswer, movement?: LedgerEntry): void {
    this.#saved.results = [...this.#saved.results.slice(-1), result];
    if (movement) {
      this.#saved.ledger.push(movement);
      const sign = movement.kind === 'charge' ? 1 : -1;
      this.#saved.posTotalCents += sign * movement.amountCents;
      this.#saved.reversible =
        movement.kind === 'charge' ? { stan: movement.stan, amountCents: movement.amountCents } : null;
    }
    this.#save();
  }

  closeSession(): number {
    const total = this.#saved.posTotalCents;
    this.#saved.posTotalCents = 0;
    this.#saved.reversible = null;
    this.#save();
    return total;
  }

  #save(): void {
    if (!this.#file) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#saved), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
