import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, uuidv7 } from '@jolly/contracts/values';
import { type Json, openJournal } from '@jolly/kiosk-runtime/journal';
import { type Figure, figureOf, median, rounded } from './statistics.ts';

const PAGE = 4096;
/** As long as the journal's own log, so that both wander over as much of the disk. */
const BARE_PAGES = 512;
const WARM_UP = 50;

/** The data of a real step: what the saga keeps of a payment whose card was charged. */
const facts = (paymentId: string): Json => ({
  id: paymentId,
  state: 'CHARGED',
  notice: { noticeNumber: '302000120456789276', creditorTaxCode: '84006890481' },
  openedAt: 1_795_254_240_000,
  verified: { amountCents: 12_345, feeCents: 0, dueDate: '2026-12-02', standIn: false },
  consentedCents: 12_345,
  lock: {
    paymentToken: '7a1c2f0b9d8e4c35a6b7c8d9e0f1a2b3',
    iuv: '02000120456789276',
    totalCents: 12_345,
    expiresAt: 1_795_256_040_000,
  },
  charge: { lastStan: '000041', startedAt: 1_795_254_260_000 },
  card: {
    posTerminalId: '12345678',
    stan: '000042',
    onlineId: '000042',
    authCode: 'A00042',
    maskedPan: '541275******4321',
    cardType: 'credit',
    amountCents: 12_345,
    chargedAt: 1_795_254_265_000,
  },
  paper: { slip: 'none', receipts: 0 },
  facts: 3,
  closed: false,
});

/** Time of `work` in ms. */
function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** A plain file whose blocks the disk already has: what is measured is one page and one sync, nothing of the file system's books. */
class BareFile {
  readonly #fd: number;
  readonly #page = Buffer.alloc(PAGE, 0x5a);
  #at = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'w+', 0o600);
    for (let page = 0; page < BARE_PAGES; page++) writeSync(this.#fd, this.#page, 0, PAGE, page * PAGE);
    fsyncSync(this.#fd);
  }

  step(): void {
    writeSync(this.#fd, this.#page, 0, PAGE, (this.#at++ % BARE_PAGES) * PAGE);
    fsyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export interface JournalFigures {
  readonly step: Figure;
  readonly bareSync: Figure;
  readonly ratio: Figure;
}

/**
 * A journal step of the real journal beside a bare 4 KiB write and sync on a plain file of the same folder, taken in turns
 * so that both see the same disk. Every step is one commit with one sync; between payments the journal tidies, as the desk does,
 * and that is not in the figure because nobody waits for it.
 */
export function benchJournal(dir: string, n: number): JournalFigures {
  mkdirSync(dir, { recursive: true });
  const journal = openJournal(join(dir, 'journal'), { clock: systemClock });
  const bare = new BareFile(join(dir, 'bare'));
  const steps: number[] = [];
  const syncs: number[] = [];
  const STEPS_A_PAYMENT = 12;
  let paymentId = uuidv7(systemClock.now());
  try {
    for (let turn = 0; turn < n + WARM_UP; turn++) {
      const closed = turn % STEPS_A_PAYMENT === STEPS_A_PAYMENT - 1;
      const data = facts(paymentId);
      const step = () =>
        journal.append({ paymentId, step: 'CHARGED', event: 'charge-ended', data, closed, letters: [] });
      // Who goes first changes from turn to turn: the second sync may find the disk still busy with the first.
      const pair =
        turn % 2 === 0
          ? { step: timed(step), sync: timed(() => bare.step()) }
          : { sync: timed(() => bare.step()), step: timed(step) };
      if (turn >= WARM_UP) {
        steps.push(pair.step);
        syncs.push(pair.sync);
      }
      if (closed) {
        journal.tidy();
        paymentId = uuidv7(systemClock.now());
      }
    }
  } finally {
    bare.close();
    journal.close();
  }
  const ratios = steps.map((step, at) => step / (syncs[at] ?? Number.NaN));
  const ratio = median(steps) / median(syncs);
  return {
    step: figureOf(steps, 'ms'),
    bareSync: figureOf(syncs, 'ms'),
    ratio: {
      ...figureOf(ratios, '×'),
      median: rounded(ratio),
      goal: 'median step ≤ 1.5 × median bare sync',
      met: ratio <= 1.5,
    },
  };
}
