import { type Clock, isJollyError, sleep } from '@jolly/contracts/values';
import { goOn } from '../abort.ts';
import { cardError } from '../errors.ts';
import type { CardInHand, Slot, SlotState } from './port.ts';
import type { SlotBook } from './slot-book.ts';

/** cie-card.md 10. */
export const APDU_LIMIT_MS = 10_000;
export const TRANSACTION_LIMIT_MS = 60_000;
/** Readers are asked for their state that often at least (pcscd: 400 ms, and as much again on a busy machine). */
const REMOVAL_NOTICED_MS = 1_200;
/** A reset that takes longer is not waited for. */
const RELEASE_LIMIT_MS = 3_000;
/** An act that was ended says itself how it ended (a PIN may be uncertain); one that says nothing is not waited for. */
const LAST_WORD_MS = 1_000;

/** A card that a stack took exclusively. Its promises reject with errors of `cardError` only. */
export interface HeldCard {
  readonly protocol: CardInHand['protocol'];
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  /** Resets the card and lets it go. */
  release(): Promise<void>;
  /** Gives the card up without its answer: it was asked and stayed silent. */
  abandon(): void;
}

type Failure = ReturnType<typeof cardError>;

/** One act on a card: its limits, and what ended it. */
class Act implements CardInHand {
  readonly slot: Slot;
  readonly protocol: CardInHand['protocol'];
  readonly #card: HeldCard;
  readonly #clock: Clock;
  readonly #count: () => void;
  #failure: Failure | undefined;
  #interrupt: ((failure: Failure) => void) | undefined;
  silent = false;

  constructor(slot: Slot, card: HeldCard, clock: Clock, count: () => void) {
    this.slot = slot;
    this.protocol = card.protocol;
    this.#card = card;
    this.#clock = clock;
    this.#count = count;
  }

  end(failure: Failure): void {
    this.#failure ??= failure;
    this.#interrupt?.(this.#failure);
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    if (apdu.length < 4) throw new RangeError('a command has at least four bytes');
    if (this.#interrupt) throw new Error('one command at a time');
    this.#count();
    const cut = new Promise<never>((_, reject) => {
      this.#interrupt = reject;
    });
    const stopTimer = this.#clock.after(APDU_LIMIT_MS, () => {
      this.silent = true;
      this.end(cardError('CARD_SLOW'));
    });
    try {
      const answer = await Promise.race([this.#card.transmit(this.#onTheWire(apdu)), cut]);
      if (answer.length >= 2) return answer;
      // A card that was pulled can look like this some moments before its reader says so.
      await Promise.race([sleep(this.#clock, REMOVAL_NOTICED_MS), cut]);
      throw cardError('CARD_MUTE', { why: 'no-status-word' });
    } catch (error) {
      // What is said of the card stays said: no act goes on behind an answer that got lost.
      if (isJollyError(error)) this.#failure ??= error as Failure;
      throw this.#failure ?? error;
    } finally {
      stopTimer();
      this.#interrupt = undefined;
    }
  }

  /** T=0 knows no command with data and Le at once (ISO 7816-3): the card says by 61xx what it has. A view, no copy. */
  #onTheWire(apdu: Uint8Array): Uint8Array {
    const length = apdu[4] ?? 0;
    const both = length > 0 && apdu.length === 5 + length + 1;
    return this.protocol === 'T=0' && both ? apdu.subarray(0, -1) : apdu;
  }
}

/**
 * Runs acts on cards one after the other; each ends with the reset of its card, whatever happened, and within
 * `TRANSACTION_LIMIT_MS`.
 */
export class Transactions {
  readonly #clock: Clock;
  readonly #book: SlotBook;
  readonly #take: (slot: Slot) => Promise<HeldCard>;
  #last: Promise<unknown> = Promise.resolve();
  #act: Act | undefined;
  #giveUp: (failure: Failure, withoutWaiting?: boolean) => void = () => undefined;
  #closed = false;
  readonly counters = { transactions: 0, apdus: 0, slow: 0, abandoned: 0 };

  /** `take` connects exclusively; rejects with errors of `cardError`. */
  constructor(clock: Clock, book: SlotBook, take: (slot: Slot) => Promise<HeldCard>) {
    this.#clock = clock;
    this.#book = book;
    this.#take = take;
  }

  /** The card of that insertion is no longer there, or no longer makes sense. */
  left(insertion: number, now: SlotState): void {
    if (this.#act?.slot.insertion !== insertion) return;
    this.#act.end(now === 'mute' ? cardError('CARD_MUTE', { why: 'nonsense' }) : cardError('CARD_REMOVED'));
  }

  /** Reader or service went away. */
  lost(why: string): void {
    this.#act?.end(cardError('READER_LOST', { why }));
  }

  run<T>(insertion: number, work: (card: CardInHand) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => this.#run(insertion, work, signal));
    // only that it has ended: what it gave is a citizen's, and would stay here until the next card
    const ended = () => undefined;
    this.#last = turn.then(ended, ended);
    return turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.lost('closed');
    this.#giveUp(cardError('READER_LOST', { why: 'closed' }), true);
    await this.#last;
  }

  async #run<T>(
    insertion: number,
    work: (card: CardInHand) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (this.#closed) throw cardError('READER_LOST', { why: 'closed' });
    goOn(signal);
    const slot = this.#book.slotOf(insertion);
    if (!slot) throw cardError('CARD_REMOVED');
    if (slot.state === 'mute') throw cardError('CARD_MUTE', { why: 'no-atr' });
    this.counters.transactions += 1;
    const card = await this.#take(slot);
    const act = new Act(slot, card, this.#clock, () => {
      this.counters.apdus += 1;
    });
    this.#act = act;
    if (this.#book.slotOf(insertion) === undefined) act.end(cardError('CARD_REMOVED'));
    let stopTimer = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      this.#giveUp = (failure, withoutWaiting = false) => {
        act.end(failure);
        stopTimer();
        if (withoutWaiting) reject(failure);
        else stopTimer = this.#clock.after(LAST_WORD_MS, () => reject(failure));
      };
      stopTimer = this.#clock.after(TRANSACTION_LIMIT_MS, () =>
        this.#giveUp(cardError('CARD_SLOW', { why: 'transaction' })),
      );
    });
    const givenUp = () => this.#giveUp(cardError('CARD_SLOW', { why: 'given-up' }));
    signal?.addEventListener('abort', givenUp, { once: true });
    if (signal?.aborted) givenUp();
    try {
      return await Promise.race([work(act), late]);
    } finally {
      signal?.removeEventListener('abort', givenUp);
      stopTimer();
      act.end(cardError('CARD_RESET', { why: 'act-over' }));
      this.#act = undefined;
      this.#giveUp = () => undefined; // it reaches what the work gave
      await this.#release(card, act.silent);
    }
  }

  async #release(card: HeldCard, silent: boolean): Promise<void> {
    if (silent) {
      this.counters.slow += 1;
      card.abandon();
      return;
    }
    let stopTimer = (): void => undefined;
    const late = new Promise<boolean>((resolve) => {
      stopTimer = this.#clock.after(RELEASE_LIMIT_MS, () => resolve(false));
    });
    const released = card.release().then(
      () => true,
      // Removed or reset by another: it keeps no state of ours either way.
      () => true,
    );
    const done = await Promise.race([released, late]);
    stopTimer();
    if (done) return;
    this.counters.abandoned += 1;
    card.abandon();
  }
}
