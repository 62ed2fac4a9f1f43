/** The headset's plug, and who wants to know of it. */
export class Plug {
  readonly #listeners = new Set<(plugged: boolean) => void>();
  #in = false;

  get in(): boolean {
    return this.#in;
  }

  turn(plugged: boolean): void {
    if (plugged === this.#in) return;
    this.#in = plugged;
    for (const listener of this.#listeners) listener(plugged);
  }

  on(listener: (plugged: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
