import type { Clock } from '@jolly/contracts/values';
import { cardError } from '../../errors.ts';
import type { CardInHand, ReaderStack, ReaderStackEvents, Slot } from '../port.ts';
import { SlotBook } from '../slot-book.ts';
import { Transactions } from '../transactions.ts';
import { VirtualSlot } from './slot.ts';

/** Jolly's own reader for emulated cards: one slot for each loopback port. */
export class VirtualReaderStack implements ReaderStack {
  readonly uri: string;
  readonly #slots: readonly VirtualSlot[];
  readonly #book: SlotBook;
  readonly #transactions: Transactions;
  readonly #troubles = new Map<string, string>();
  #events: ReaderStackEvents | undefined;

  constructor(uri: string, host: string, ports: readonly number[], clock: Clock) {
    this.uri = uri;
    this.#book = new SlotBook(
      clock,
      (slots) => this.#events?.slots(slots),
      (insertion, now) => this.#transactions.left(insertion, now),
    );
    this.#slots = ports.map((port) => {
      const name = `${host}:${port}`;
      return new VirtualSlot(host, port, clock, {
        seen: (state, atr) => this.#book.see(name, state, atr, true),
        trouble: (reason) => this.#trouble(name, reason),
      });
    });
    this.#transactions = new Transactions(clock, this.#book, async (slot) => {
      const mine = this.#slots.find(({ name }) => name === slot.name);
      if (!mine) throw cardError('READER_LOST');
      return mine.take();
    });
  }

  get slots(): readonly Slot[] {
    return this.#book.shown;
  }

  get counters(): Readonly<Record<string, number>> {
    const sum = (pick: (slot: VirtualSlot) => number) =>
      this.#slots.reduce((total, slot) => total + pick(slot), 0);
    return {
      insertions: this.#book.insertions,
      ...this.#transactions.counters,
      connections: sum(({ counters }) => counters.connections),
      refused: sum(({ counters }) => counters.refused),
      nonsense: sum(({ counters }) => counters.nonsense),
    };
  }

  start(events: ReaderStackEvents): void {
    this.#events = events;
    for (const slot of this.#slots) slot.listen();
  }

  withCard<T>(insertion: number, act: (card: CardInHand) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#transactions.run(insertion, act, signal);
  }

  async close(): Promise<void> {
    this.#events = undefined;
    await this.#transactions.close();
    this.#book.close();
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #trouble(name: string, reason: string | undefined): void {
    const before = this.#troubles.values().next().value;
    const listed = this.#book.shown.some((slot) => slot.name === name);
    if (reason === undefined) {
      this.#troubles.delete(name);
      if (!listed) this.#book.see(name, 'empty', undefined, false);
    } else this.#troubles.set(name, reason);
    const now = this.#troubles.values().next().value;
    if (now !== before || reason === undefined) this.#events?.trouble(now);
  }
}
