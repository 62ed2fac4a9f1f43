import type { PadKey } from '@jolly/contracts/terminal-channel';

/** Who listens to a keypad: keys, held keys, the plug of its headset. */
export class Ears {
  readonly #keys = new Set<(key: PadKey) => void>();
  readonly #holds = new Set<(key: PadKey) => void>();
  readonly #plugs = new Set<(plugged: boolean) => void>();
  #headset: boolean | undefined;

  constructor(headset: boolean | undefined) {
    this.#headset = headset;
  }

  get headset(): boolean | undefined {
    return this.#headset;
  }

  key = (key: PadKey): void => {
    for (const each of this.#keys) each(key);
  };

  hold = (key: PadKey): void => {
    for (const each of this.#holds) each(key);
  };

  plug(plugged: boolean): void {
    const before = this.#headset ?? false;
    this.#headset = plugged;
    if (before === plugged) return;
    for (const each of this.#plugs) each(plugged);
  }

  onKey = (listener: (key: PadKey) => void) => join(this.#keys, listener);
  onHold = (listener: (key: PadKey) => void) => join(this.#holds, listener);
  onHeadset = (listener: (plugged: boolean) => void) => join(this.#plugs, listener);

  clear(): void {
    for (const each of [this.#keys, this.#holds, this.#plugs]) each.clear();
  }
}

function join<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
