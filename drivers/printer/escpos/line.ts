import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { Transport } from '../../transport/index.ts';
import { command, type PrinterReply, ReplySplitter } from './codec/index.ts';

/** A printer that has just been let go of refuses for a moment; the link tries again by itself for so long. */
const REFUSED_MS = 1_200;

export type Written = 'written' | 'nothing-sent' | 'lost';

/**
 * The wire to one printer: opens it when it is needed, asks one question at a time, cuts what comes back into
 * replies. A question left unanswered puts the line out of step (its late answer would be taken for the next one's),
 * so the connection is dropped then.
 */
export class PrinterLine {
  readonly #make: () => Transport;
  readonly #clock: Clock;
  readonly #held: boolean;
  readonly #onReply: (reply: PrinterReply) => void;
  readonly #onLost: (reason: string) => void;
  readonly #splitter: ReplySplitter;
  #transport: Transport | undefined;
  #open = false;
  /** Why the last attempt failed, for health. */
  #reason = 'not-connected';
  #waiters = new Set<(reply: PrinterReply | undefined) => boolean>();
  #opening = new Set<(outcome: 'open' | 'refused' | 'closed') => void>();
  #opened = 0;
  /** Real-time answers to `poke` still to come. */
  #owed = 0;

  constructor(options: {
    readonly make: () => Transport;
    readonly clock: Clock;
    readonly held: boolean;
    readonly fullStatus: boolean;
    readonly onReply: (reply: PrinterReply) => void;
    readonly onLost: (reason: string) => void;
  }) {
    this.#make = options.make;
    this.#clock = options.clock;
    this.#held = options.held;
    this.#onReply = options.onReply;
    this.#onLost = options.onLost;
    this.#splitter = new ReplySplitter({ fullStatus: options.fullStatus });
  }

  get reason(): string {
    return this.#reason;
  }

  /** Connections made so far, the first included. */
  get connections(): number {
    return this.#opened;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** True when the link is open, at the latest after `ms`. */
  async acquire(ms: number): Promise<boolean> {
    if (!this.#transport) this.#start();
    if (this.#open) return true;
    await new Promise<void>((resolve) => {
      const ends: (() => void)[] = [];
      const done = () => {
        for (const cancel of ends.splice(0)) cancel();
        this.#opening.delete(opening);
        resolve();
      };
      const opening = (outcome: 'open' | 'refused' | 'closed') => {
        if (outcome !== 'refused') done();
        else if (ends.length === 1) ends.push(this.#clock.after(REFUSED_MS, done));
      };
      ends.push(
        this.#clock.after(ms, () => {
          if (this.#reason === 'not-connected') this.#reason = 'timeout';
          done();
        }),
      );
      this.#opening.add(opening);
    });
    return this.#open;
  }

  #start(): void {
    const transport = this.#make();
    this.#transport = transport;
    this.#reason = 'not-connected';
    transport.start({
      data: (bytes) => {
        for (const reply of this.#splitter.push(bytes)) this.#take(reply);
      },
      state: (state, reason) => {
        if (state === 'open') {
          this.#open = true;
          this.#opened++;
          this.#splitter.reset();
          this.#owed = 0;
        } else if (state === 'waiting' || state === 'closed') {
          const was = this.#open;
          this.#open = false;
          this.#reason = reason ?? state;
          this.#abandon();
          if (was) this.#onLost(this.#reason);
        }
        if (state === 'connecting') return;
        for (const opening of [...this.#opening]) opening(state === 'waiting' ? 'refused' : state);
      },
    });
  }

  #take(reply: PrinterReply): void {
    if (reply.reply === 'dle-eot' && this.#owed > 0) this.#owed--;
    this.#onReply(reply);
    for (const waiter of [...this.#waiters]) if (waiter(reply)) return;
  }

  #abandon(): void {
    for (const waiter of [...this.#waiters]) waiter(undefined);
  }

  async write(bytes: ArrayLike<number>): Promise<Written> {
    const transport = this.#transport;
    if (!transport || !this.#open) return 'nothing-sent';
    try {
      await transport.write(Uint8Array.from(bytes));
      return 'written';
    } catch (error) {
      if (isJollyError(error, 'LINK_DOWN')) return 'nothing-sent';
      if (isJollyError(error, 'LINK_LOST')) return 'lost';
      throw error;
    }
  }

  /** Asks for the real-time status without waiting: the answer comes to whoever expects. */
  async poke(): Promise<Written> {
    this.#owed++;
    return this.write(command.status(1));
  }

  /** Waits for the answers to all pokes, so that none is taken for the answer to the next question. */
  async settle(ms: number): Promise<void> {
    if (this.#owed === 0 || !this.#open) return;
    const settled = await this.expect(ms, () => (this.#owed === 0 ? true : undefined));
    if (!settled && this.#open) await this.drop('no-answer');
  }

  /** The first reply for which `pick` gives something; undefined when none came in `ms` or the link broke. */
  expect<T>(ms: number, pick: (reply: PrinterReply) => T | undefined): Promise<T | undefined> {
    if (!this.#open) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (value: T | undefined) => {
        cancel();
        this.#waiters.delete(waiter);
        resolve(value);
      };
      const waiter = (reply: PrinterReply | undefined): boolean => {
        if (!reply) {
          settle(undefined);
          return true;
        }
        const value = pick(reply);
        if (value === undefined) return false;
        settle(value);
        return true;
      };
      const cancel = this.#clock.after(ms, () => settle(undefined));
      this.#waiters.add(waiter);
    });
  }

  /** Writes a question and waits for its answer; no answer drops the connection. */
  async ask<T>(
    bytes: ArrayLike<number>,
    ms: number,
    pick: (reply: PrinterReply) => T | undefined,
  ): Promise<T | undefined> {
    const answer = this.expect(ms, pick);
    const written = await this.write(bytes);
    if (written !== 'written') {
      this.#abandon();
      return undefined;
    }
    const value = await answer;
    if (value === undefined && this.#open) await this.drop('no-answer');
    return value;
  }

  /** Ends a turn: lets go of a connection that is not held. */
  async release(): Promise<void> {
    // A held link that never opened keeps trying by itself, with back-off.
    if (!this.#held) await this.close();
  }

  async drop(reason: string): Promise<void> {
    if (this.#held && this.#transport) {
      this.#open = false;
      this.#reason = reason;
      this.#abandon();
      this.#transport.reopen(reason);
      return;
    }
    await this.close();
    this.#reason = reason;
  }

  async close(): Promise<void> {
    const transport = this.#transport;
    this.#transport = undefined;
    this.#open = false;
    this.#abandon();
    for (const opening of [...this.#opening]) opening('closed');
    await transport?.close();
  }
}
