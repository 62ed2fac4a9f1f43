import type { Clock } from '@jolly/contracts/values';
import { cardError } from '../../errors.ts';
import type { CardInHand, ReaderStack, ReaderStackEvents, Slot } from '../port.ts';
import { SlotBook } from '../slot-book.ts';
import { type HeldCard, Transactions } from '../transactions.ts';
import { pcscTrouble } from './failures.ts';
import type { SeenReader } from './messages-codec.ts';
import { type LaunchWorker, launchWorker, PcscProcess } from './process.ts';

/** Waiting for a card that another program holds, and for its first answer. */
const OPEN_LIMIT_MS = 5_000;
/** A process that was ended on purpose is back sooner: nobody need hear of it. */
const BACK_SOON_MS = 2_000;
const AGAIN_MS = { first: 100, longest: 5_000 };
/** A life this long was a good one: the next start does not wait. */
const GOOD_LIFE_MS = 20_000;

/** The readers of PC/SC whose name has a part, by way of a process of their own (`worker.ts`). */
export class PcscReaderStack implements ReaderStack {
  readonly uri: string;
  readonly #part: string;
  readonly #clock: Clock;
  readonly #launch: LaunchWorker;
  readonly #book: SlotBook;
  readonly #transactions: Transactions;
  readonly #moves = new Map<string, number>();
  #events: ReaderStackEvents | undefined;
  #process: PcscProcess | undefined;
  #trouble: string | undefined;
  #wait: number = AGAIN_MS.first;
  #stopTimer: (() => void) | undefined;
  #stopDoubt: (() => void) | undefined;
  #closed = false;
  #exited: () => void = () => undefined;
  readonly #counts = { starts: 0, ends: 0 };

  constructor(uri: string, namePart: string, clock: Clock, launch: LaunchWorker = launchWorker) {
    this.uri = uri;
    this.#part = namePart.toLowerCase();
    this.#clock = clock;
    this.#launch = launch;
    this.#book = new SlotBook(
      clock,
      (slots) => this.#events?.slots(slots),
      (insertion, now) => this.#transactions.left(insertion, now),
    );
    this.#transactions = new Transactions(clock, this.#book, (slot) => this.#take(slot));
  }

  get slots(): readonly Slot[] {
    return this.#book.shown;
  }

  get counters(): Readonly<Record<string, number>> {
    return { insertions: this.#book.insertions, ...this.#transactions.counters, ...this.#counts };
  }

  /** Of the process that holds the native stack, while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(events: ReaderStackEvents): void {
    this.#events = events;
    this.#launchProcess();
  }

  withCard<T>(insertion: number, act: (card: CardInHand) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#transactions.run(insertion, act, signal);
  }

  async close(): Promise<void> {
    this.#events = undefined;
    this.#closed = true;
    this.#stopTimer?.();
    this.#stopDoubt?.();
    await this.#transactions.close();
    this.#book.close();
    const running = this.#process;
    if (!running) return;
    await new Promise<void>((resolve) => {
      this.#exited = resolve;
      running.kill();
    });
  }

  #launchProcess(): void {
    const began = this.#clock.monotonic();
    this.#counts.starts += 1;
    const life = new PcscProcess(this.#launch, {
      report: (report) => {
        if (this.#process !== life) return;
        this.#stopDoubt?.();
        this.#stopDoubt = undefined;
        if (report.kind === 'readers') this.#readers(report.readers);
        else this.#say(pcscTrouble(report.word), `pcsc-${report.word}`);
      },
      over: () => {
        this.#counts.ends += 1;
        this.#process = undefined;
        this.#exited();
        if (this.#closed) return;
        this.#moves.clear();
        this.#transactions.lost('stack');
        this.#book.doubt();
        this.#stopDoubt ??= this.#clock.after(BACK_SOON_MS, () => this.#say('stack-crashed', 'stack'));
        if (this.#clock.monotonic() - began > GOOD_LIFE_MS) this.#wait = AGAIN_MS.first;
        this.#stopTimer = this.#clock.after(this.#wait, () => this.#launchProcess());
        this.#wait = Math.min(this.#wait * 2, AGAIN_MS.longest);
      },
    });
    this.#process = life;
  }

  #readers(all: readonly SeenReader[]): void {
    const mine = all.filter(({ name }) => name.toLowerCase().includes(this.#part));
    this.#book.keep(new Set(mine.map(({ name }) => name)));
    for (const { name, state, moves, atr } of mine) {
      const before = this.#moves.get(name);
      this.#moves.set(name, moves);
      const moved = before !== undefined && before !== moves;
      this.#book.see(name, state, atr.length > 0 ? atr : undefined, moved);
    }
    this.#tell(mine.length === 0 ? 'no-readers' : undefined);
  }

  /** A trouble takes all readers with it. */
  #say(trouble: string | undefined, why: string): void {
    if (trouble === undefined) return;
    this.#moves.clear();
    this.#transactions.lost(why);
    this.#book.keep(new Set());
    this.#tell(trouble);
  }

  #tell(trouble: string | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#events?.trouble(trouble);
  }

  async #take(slot: Slot): Promise<HeldCard> {
    const life = this.#process;
    if (!life) throw cardError('READER_LOST', { why: 'stack' });
    let stopTimer = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      stopTimer = this.#clock.after(OPEN_LIMIT_MS, () => {
        // A transaction of another program is waited for inside the native stack, without end.
        reject(cardError('CARD_BUSY', { why: 'held' }));
        life.kill();
      });
    });
    try {
      const protocol = await Promise.race([life.open(slot.name), late]);
      return {
        protocol,
        transmit: (apdu) => life.transmit(apdu),
        release: () => life.release(),
        abandon: () => life.kill(),
      };
    } finally {
      stopTimer();
    }
  }
}
