import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { LinkLimits } from './limits.ts';

/** Something that waits for a commit. */
export interface Waiting {
  readonly who: string;
  readonly entries: number;
  readonly bytes: number;
  /** Sent again by the terminal if it is dropped; what is not is kept whatever the size of the queue, a few of each terminal. */
  readonly comesAgain: boolean;
}

export interface QueueOptions<W extends Waiting> {
  readonly clock: Clock;
  readonly limits: Pick<
    LinkLimits,
    'waitingOfOne' | 'waitingEntries' | 'waitingBytes' | 'commitEntries' | 'commitMessages'
  >;
  /** All of them or, if it throws, none. */
  readonly commit: (works: readonly W[]) => Promise<void>;
  readonly failed: (work: W, error: unknown) => void;
}

const LONGEST_PAUSE_MS = 100;
/** Then it is none of them who is to blame, and trying each alone would not help. Whatever else goes wrong is looked for to the end. */
const storeIsAway = (error: unknown): boolean =>
  isJollyError(error) && (error.code === 'STORE_UNAVAILABLE' || error.code === 'STORE_BUSY');

/**
 * Gathers what all terminals send and commits it together. The first is committed at once; what comes meanwhile is the next commit. After
 * a commit the disk rests twice as long as it worked, unless enough waits already: few and large commits are what makes
 * thousands of entries a second cheap. One that cannot be committed is found by halving and left out; the others are not kept back.
 */
export class CommitQueue<W extends Waiting> {
  readonly #options: QueueOptions<W>;
  #waiting: W[] = [];
  #entries = 0;
  #bytes = 0;
  readonly #ofOne = new Map<string, number>();
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(options: QueueOptions<W>) {
    this.#options = options;
  }

  /** False: there is no room, it is not taken. */
  push(work: W): boolean {
    const { limits } = this.#options;
    const ofOne = this.#ofOne.get(work.who) ?? 0;
    if (ofOne >= limits.waitingOfOne) return false;
    const full =
      this.#entries + work.entries > limits.waitingEntries || this.#bytes + work.bytes > limits.waitingBytes;
    if (full && work.comesAgain) return false;
    this.#ofOne.set(work.who, ofOne + 1);
    this.#entries += work.entries;
    this.#bytes += work.bytes;
    this.#waiting.push(work);
    if (this.#enough()) this.#wake?.();
    this.#running ??= this.#run();
    return true;
  }

  depth(): { readonly messages: number; readonly entries: number; readonly bytes: number } {
    return { messages: this.#waiting.length, entries: this.#entries, bytes: this.#bytes };
  }

  /** When nothing waits any more. */
  async settled(): Promise<void> {
    this.#wake?.();
    while (this.#running) await this.#running;
  }

  #enough(): boolean {
    const { commitEntries, commitMessages } = this.#options.limits;
    return this.#entries >= commitEntries || this.#waiting.length >= commitMessages;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    // what arrives in this very turn of the loop is of the same commit
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const began = clock.monotonic();
      const works = this.#take();
      await this.#settle(works);
      const pause = Math.min(LONGEST_PAUSE_MS, 2 * (clock.monotonic() - began));
      if (pause >= 1 && !this.#enough()) await this.#rest(pause);
    }
    this.#running = undefined;
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#wake = undefined;
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.after(ms, end);
      this.#wake = end;
    });
  }

  #take(): W[] {
    const { commitEntries, commitMessages } = this.#options.limits;
    let entries = 0;
    let count = 0;
    for (const work of this.#waiting) {
      if (count > 0 && (count >= commitMessages || entries + work.entries > commitEntries)) break;
      entries += work.entries;
      count += 1;
    }
    const works = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    for (const work of works) {
      this.#entries -= work.entries;
      this.#bytes -= work.bytes;
      const left = (this.#ofOne.get(work.who) ?? 1) - 1;
      if (left > 0) this.#ofOne.set(work.who, left);
      else this.#ofOne.delete(work.who);
    }
    return works;
  }

  async #settle(works: readonly W[]): Promise<void> {
    try {
      await this.#options.commit(works);
    } catch (error) {
      if (works.length === 1 || storeIsAway(error)) {
        for (const work of works) this.#options.failed(work, error);
        return;
      }
      const middle = Math.ceil(works.length / 2);
      await this.#settle(works.slice(0, middle));
      await this.#settle(works.slice(middle));
    }
  }
}
