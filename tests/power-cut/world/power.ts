/** Thrown where the power goes: whoever sees it is already dead. */
export class PowerCut extends Error {
  constructor() {
    super('the power was cut');
    this.name = 'PowerCut';
  }
}

/** The mains of one terminal. Everything that reaches out of it asks here first. */
export class Power {
  on = true;
  readonly #onCut: (() => void)[] = [];

  whenCut(task: () => void): void {
    this.#onCut.push(task);
  }

  cut(): void {
    if (!this.on) return;
    this.on = false;
    for (const task of this.#onCut) task();
  }

  /** A call out of the terminal: never comes back once the power has gone. */
  async across<T>(call: () => Promise<T>): Promise<T> {
    if (!this.on) return new Promise(() => undefined);
    const forever = new Promise<T>(() => undefined);
    try {
      const answer = await call();
      return this.on ? answer : await forever;
    } catch (error) {
      if (!this.on) return await forever;
      throw error;
    }
  }
}
