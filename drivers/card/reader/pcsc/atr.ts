import { hasCode } from './failures.ts';

const NO_ATR = new Uint8Array(0);
/** Each new try is one more transaction that ended just then. */
const TRIES = 5;

/**
 * The ATR of what lies on one reader. Asking takes a connection, of which pcsc-mini has four in all, and waits for the end of any
 * transaction: so it is asked once for each card, however often PC/SC tells that somebody uses it.
 */
export class AtrOfReader {
  readonly #ask: () => Promise<Uint8Array>;
  #moves: number | undefined;
  #atr: Promise<Uint8Array> | undefined;

  /** `ask` connects and reads; it rejects with PC/SC's word as `code`. */
  constructor(ask: () => Promise<Uint8Array>) {
    this.#ask = ask;
  }

  /** Empty when it cannot be had (another program holds the card alone) or the card has left meanwhile. */
  of(moves: number): Promise<Uint8Array> {
    if (this.#atr === undefined || this.#moves !== moves) {
      this.#moves = moves;
      const atr: Promise<Uint8Array> = this.#patiently(() => this.#atr === atr).then((found) => {
        if (found.length === 0 && this.#atr === atr) this.forget();
        return found;
      });
      this.#atr = atr;
    }
    return this.#atr;
  }

  /** No card that answers lies there now. */
  forget(): void {
    this.#moves = undefined;
    this.#atr = undefined;
  }

  /**
   * Where a transaction runs between connecting and reading, ours or another's, its reset leaves that connection nothing but `ResetCard`:
   * that says nothing of the card, which is asked over a new connection.
   */
  async #patiently(wanted: () => boolean): Promise<Uint8Array> {
    for (let left = TRIES; left > 0; left -= 1) {
      try {
        return await this.#ask();
      } catch (error) {
        if (!hasCode(error, 'ResetCard') || !wanted()) return NO_ATR;
      }
    }
    return NO_ATR;
  }
}
