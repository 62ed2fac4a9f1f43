import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { SaleToPOIResponse, shortReference } from '@jolly/drivers/pos/nexo';
import { z } from 'zod';

const Entry = z.object({
  /** The end of the terminal's name of the transaction: what the kiosk keeps as STAN. */
  stan: z.string(),
  reference: z.string(),
  amountCents: z.int(),
  kind: z.enum(['charge', 'reversal']),
  /** Of a reversal: the charge it gives back. */
  of: z.string().optional(),
  at: z.number(),
});
export type LedgerEntry = z.infer<typeof Entry>;

const Saved = z.object({
  v: z.literal(1),
  counter: z.int().min(0),
  posTotalCents: z.int(),
  ledger: z.array(Entry),
  /** Answers by ServiceID, oldest first: a message that comes again is answered, not done, again. */
  answers: z.array(z.object({ serviceId: z.string(), answer: SaleToPOIResponse })),
});
type Saved = z.infer<typeof Saved>;

/** A real one remembers for days; this many payments are more than any test makes. */
const KEPT = 2_000;

/**
 * What the terminal remembers: its ledger of every real movement of money, and the answer to each message that asked for one. Kept
 * in a file, when one is given, so that it outlives the simulator's process.
 */
export class TerminalMemory {
  readonly #file: string | undefined;
  readonly #saved: Saved;

  constructor(file?: string) {
    this.#file = file;
    this.#saved =
      file && existsSync(file)
        ? Saved.parse(JSON.parse(readFileSync(file, 'utf8')))
        : { v: 1, counter: 0, posTotalCents: 0, ledger: [], answers: [] };
  }

  get ledger(): readonly LedgerEntry[] {
    return this.#saved.ledger;
  }
  get posTotalCents(): number {
    return this.#saved.posTotalCents;
  }

  answerTo(serviceId: string): SaleToPOIResponse | undefined {
    return this.#saved.answers.find((each) => each.serviceId === serviceId)?.answer;
  }

  /** The newest answer; `before`: the newest that is not to this message. */
  last(before?: string): SaleToPOIResponse | undefined {
    return this.#saved.answers.findLast(({ serviceId }) => serviceId !== before)?.answer;
  }

  /** A charge that can still be given back. */
  reversible(reference: string): LedgerEntry | undefined {
    const { ledger } = this.#saved;
    if (ledger.some(({ of }) => of === reference)) return undefined;
    return ledger.find((entry) => entry.kind === 'charge' && entry.reference === reference);
  }

  /** The terminal's name of its next transaction, longer than a STAN as those of real makes are. */
  nextReference(): string {
    const count = String(++this.#saved.counter);
    return `SIM001${count.padStart(9, '0')}.PSP${count.padStart(12, '0')}`;
  }

  /** Keeps an answer, with the movement of money it stands for when there is one, in one write. */
  keep(serviceId: string, answer: SaleToPOIResponse, movement?: Omit<LedgerEntry, 'stan'>): void {
    this.#saved.answers = [...this.#saved.answers.slice(1 - KEPT), { serviceId, answer }];
    if (movement) {
      this.#saved.ledger.push({ ...movement, stan: shortReference(movement.reference) });
      this.#saved.posTotalCents += movement.kind === 'charge' ? movement.amountCents : -movement.amountCents;
    }
    this.#save();
  }

  closeSession(): number {
    const total = this.#saved.posTotalCents;
    this.#saved.posTotalCents = 0;
    this.#save();
    return total;
  }

  #save(): void {
    if (!this.#file) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#saved), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
