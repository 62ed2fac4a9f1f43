import type { Clock } from '@jolly/contracts/values';

/** Keys closer together than this were not pressed by fingers, as far as many of them follow each other. */
export const BURST_GAP_MS = 30;
/** Two or three keys of a fast hand may come that close; the shortest code has more. */
export const BURST_KEYS = 6;
/** What a reader still sends after its code (suffix, second half) goes where the code went. */
const TAIL_MS = 150;

/** A key as far as it matters here; `again` gives it to the page as if it came now. */
export interface TypedKey {
  readonly key: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  /** When it was pressed, ms: a page that was busy gets the keys of a slow hand all at once. */
  readonly timeStamp: number;
}

/**
 * Tells a barcode reader in keyboard mode from a hand. Letters and digits wait for a moment: what comes in a burst as only a reader types it
 * goes nowhere; all else goes on, in its order and no later than `BURST_GAP_MS`. Keys that do something (Enter, arrows, Tab, Escape, space)
 * never wait, except that they push on what waits before them.
 */
export class WedgeFilter<K extends TypedKey> {
  readonly #clock: Clock;
  readonly #release: (key: K) => void;
  readonly #found: () => void;
  #held: K[] = [];
  #burst = false;
  #last = Number.NEGATIVE_INFINITY;
  #stopTimer: () => void = () => undefined;

  /** `release`: a held key goes on; `found`: a reader typed a code. */
  constructor(clock: Clock, release: (key: K) => void, found: () => void) {
    this.#clock = clock;
    this.#release = release;
    this.#found = found;
  }

  /** `keep`: the page is not to see this key now (it may come again by `release`). */
  take(key: K): 'keep' | 'pass' {
    const at = key.timeStamp;
    const near = at - this.#last < (this.#burst ? TAIL_MS : BURST_GAP_MS);
    if (!near) this.#end();
    // a layout's key of its own (Shift) comes between the letters of a code
    if (key.key === 'Shift' || key.key === 'AltGraph' || key.key === 'CapsLock') return 'pass';
    if (this.#burst) {
      this.#last = at;
      this.#wait(TAIL_MS);
      return 'keep';
    }
    const writes =
      [...key.key].length === 1 && key.key !== ' ' && !key.ctrlKey && !key.altKey && !key.metaKey;
    // a key held down repeats faster than any finger, and is a finger
    if (!writes || key.repeat) {
      this.#end();
      return 'pass';
    }
    this.#last = at;
    this.#held.push(key);
    if (this.#held.length >= BURST_KEYS) {
      this.#burst = true;
      this.#held = [];
      this.#found();
      this.#wait(TAIL_MS);
    } else this.#wait(BURST_GAP_MS);
    return 'keep';
  }

  /** Forgets what waits: the page it was meant for is gone. */
  close(): void {
    this.#stopTimer();
    this.#held = [];
  }

  #wait(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#clock.after(ms, () => this.#end());
  }

  #end(): void {
    this.#stopTimer();
    this.#burst = false;
    const held = this.#held;
    this.#held = [];
    for (const key of held) this.#release(key);
  }
}
