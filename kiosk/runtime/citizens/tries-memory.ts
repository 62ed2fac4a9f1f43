import type { Clock } from '@jolly/contracts/values';
import type { Tries, TriesOfCard, TriesOfCards } from './chart/index.ts';

/** As many cards as a busy morning brings back; the oldest make room. */
const CARDS = 64;
/** Who comes back on the same day is warned; who comes back tomorrow has known it for a night. */
const FORGOTTEN_AFTER_MS = 6 * 60 * 60 * 1000;

interface Kept {
  readonly tries: TriesOfCard;
  readonly forget: () => void;
}

/**
 * What cards said of their counters, past the session in which they did: a citizen who walks away with one try left and comes
 * back must not lose it unwarned. By the salted hash that a look gives, never by person; in memory only, so a restart forgets all.
 */
export class TriesMemory {
  readonly #clock: Clock;
  /** The card heard of longest ago comes first. */
  readonly #cards = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): TriesOfCards {
    return Object.fromEntries([...this.#cards].map(([sameness, { tries }]) => [sameness, tries]));
  }

  /** Takes what a login knows now; a card with nothing to warn of is forgotten. */
  keep(all: TriesOfCards): void {
    for (const [sameness, tries] of Object.entries(all)) {
      if (this.#cards.get(sameness)?.tries !== tries) this.#put(sameness, tries);
    }
  }

  /** The session is over: its numbers may be wrong when the card comes back, and are shown no more. They still warn. */
  endSession(): void {
    for (const [sameness, { tries, forget }] of this.#cards) {
      const untold = Object.entries<Tries>(tries).map(([field, { left }]) => [field, { left, told: false }]);
      this.#cards.set(sameness, { tries: Object.fromEntries(untold), forget });
    }
  }

  clear(): void {
    for (const { forget } of this.#cards.values()) forget();
    this.#cards.clear();
  }

  #put(sameness: string, tries: TriesOfCard): void {
    this.#drop(sameness);
    if (Object.keys(tries).length === 0) return;
    const forget = this.#clock.after(FORGOTTEN_AFTER_MS, () => this.#cards.delete(sameness));
    this.#cards.set(sameness, { tries, forget });
    const [oldest] = this.#cards.keys();
    if (oldest !== undefined && this.#cards.size > CARDS) this.#drop(oldest);
  }

  #drop(sameness: string): void {
    this.#cards.get(sameness)?.forget();
    this.#cards.delete(sameness);
  }
}
