const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that must not be printed: a password, a PIN, a person's name or tax code. Printing, JSON and logging give
 * `[hidden]`; only `reveal()` gives the value, so every use can be found by that word.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[hidden]';
  }

  toJSON(): string {
    return '[hidden]';
  }

  [inspect](): string {
    return '[hidden]';
  }
}
