import { UP, type Up } from '@jolly/contracts/fleet-link';
import type { Refusal } from './refusals.ts';

/** The link in numbers, since the process began where nothing else is said: for the metrics page. */
export interface Counts {
  /** Whether the way to the broker is there. */
  readonly connected: boolean;
  /** Terminals that are there now. */
  readonly online: number;
  readonly messages: Readonly<Record<Up, number>>;
  readonly commits: number;
  readonly entriesStored: number;
  readonly entriesRepeated: number;
  /** What waits for a commit now. */
  readonly waiting: { readonly messages: number; readonly entries: number; readonly bytes: number };
  readonly refused: Readonly<Record<Refusal, number>>;
}

export class LinkCounters {
  #connected = false;
  readonly #messages = new Map<Up, number>(UP.map((kind) => [kind, 0]));
  #commits = 0;
  #stored = 0;
  #repeated = 0;

  connected(connected: boolean): void {
    this.#connected = connected;
  }

  heard(kind: Up): void {
    this.#messages.set(kind, (this.#messages.get(kind) ?? 0) + 1);
  }

  committed(stored: number, repeated: number): void {
    this.#commits += 1;
    this.#stored += stored;
    this.#repeated += repeated;
  }

  counts(waiting: Counts['waiting'], online: number, refused: Counts['refused']): Counts {
    return {
      connected: this.#connected,
      online,
      messages: Object.fromEntries(this.#messages) as Record<Up, number>,
      commits: this.#commits,
      entriesStored: this.#stored,
      entriesRepeated: this.#repeated,
      waiting,
      refused,
    };
  }
}
