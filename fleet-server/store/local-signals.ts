import type { SignalListener, Signals } from './store.ts';

/** The listeners of this process. */
export class LocalSignals implements Signals {
  readonly #listeners = new Map<string, Set<SignalListener>>();

  tell(channel: string, word: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener.told(word);
  }

  hear(channel: string, listener: SignalListener): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
    };
  }

  missed(): void {
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.missed();
  }
}
