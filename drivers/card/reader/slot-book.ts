import type { Clock } from '@jolly/contracts/values';
import type { Slot, SlotState } from './port.ts';

/** A card that leaves the field for less than this is shown as never gone (cie-card.md 10); an act on it ends all the same. */
export const FLICKER_MS = 800;

interface Entry {
  now: Slot;
  shown: Slot;
  stopHold: (() => void) | undefined;
}

/** An ATR that could not be read says nothing of whose it is. */
const maybeSameAtr = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined || (a.length === b.length && a.every((byte, at) => byte === b[at]));

/**
 * What lies on the slots, twice: as it is, for acts, and as it is shown, without flicker. Gives every card that comes its
 * insertion number.
 */
export class SlotBook {
  readonly #clock: Clock;
  readonly #changed: (slots: readonly Slot[]) => void;
  readonly #left: (insertion: number, now: SlotState) => void;
  readonly #entries = new Map<string, Entry>();
  #insertion = 0;

  /** `left`: a card is no longer there (or is mute now), said at once; `changed`: what is shown is another. */
  constructor(
    clock: Clock,
    changed: (slots: readonly Slot[]) => void,
    left: (insertion: number, now: SlotState) => void,
  ) {
    this.#clock = clock;
    this.#changed = changed;
    this.#left = left;
  }

  /** In the order of their names, whichever was seen first. */
  get shown(): readonly Slot[] {
    const slots = [...this.#entries.values()].map(({ shown }) => shown);
    return slots.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get insertions(): number {
    return this.#insertion;
  }

  /** The slot where that very card still lies, as it is and not as it is shown. */
  slotOf(insertion: number): Slot | undefined {
    for (const { now } of this.#entries.values()) {
      if (now.insertion === insertion && now.state !== 'empty') return now;
    }
    return undefined;
  }

  /** `moved`: the card left and came back, or another came, since the last time. `atr`: undefined also when it could not be read. */
  see(name: string, state: SlotState, atr: Uint8Array | undefined, moved: boolean): void {
    const entry = this.#entries.get(name);
    const before = entry?.now;
    const same = before?.state === state && maybeSameAtr(before.atr, atr) && !(moved && state !== 'empty');
    if (entry && same) {
      if (entry.now.atr === undefined && atr !== undefined) {
        entry.now = { ...entry.now, atr };
        this.#show(entry);
      }
      return;
    }
    const insertion = state === 'empty' ? (before?.insertion ?? 0) : ++this.#insertion;
    const now: Slot = { name, state, atr, insertion };
    if (!entry) {
      this.#entries.set(name, { now, shown: now, stopHold: undefined });
      this.#changed(this.shown);
      return;
    }
    entry.now = now;
    entry.stopHold?.();
    entry.stopHold = undefined;
    const leave = before !== undefined && before.state !== 'empty' ? before.insertion : undefined;
    if (state === 'empty') {
      entry.stopHold = this.#clock.after(FLICKER_MS, () => {
        entry.stopHold = undefined;
        this.#show(entry);
      });
    }
    if (leave !== undefined) this.#left(leave, state);
    if (state !== 'empty') this.#show(entry);
  }

  /** Every card is taken for gone, every slot for still there: who watched them has to start anew. */
  doubt(): void {
    for (const { now } of [...this.#entries.values()]) this.see(now.name, 'empty', undefined, true);
  }

  /** Those slots are all there are. */
  keep(names: ReadonlySet<string>): void {
    let changed = false;
    for (const [name, entry] of [...this.#entries]) {
      if (names.has(name)) continue;
      entry.stopHold?.();
      this.#entries.delete(name);
      changed = true;
      if (entry.now.state !== 'empty') this.#left(entry.now.insertion, 'empty');
    }
    if (changed) this.#changed(this.shown);
  }

  close(): void {
    for (const entry of this.#entries.values()) entry.stopHold?.();
    this.#entries.clear();
  }

  #show(entry: Entry): void {
    entry.shown = entry.now;
    this.#changed(this.shown);
  }
}
