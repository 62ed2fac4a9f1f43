import type { Fault } from './faults.ts';

export interface KeyRecord {
  /** The request word for word, so that any other field shows. */
  readonly request: string;
  readonly answer: string;
  /** `OK` or the fault code of the answer. */
  readonly verdict: string;
  /** The refusal, when it was one. */
  readonly fault?: Fault | undefined;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Token that the answer handed out: the key dies with an outcome for it. */
  readonly token?: string | undefined;
}

export type Lookup =
  | { readonly found: 'nothing' }
  | { readonly found: 'same'; readonly record: KeyRecord }
  | { readonly found: 'different' };

/** Keys are a PSP's own, by operation: the same key from another PSP is another key (pagopa.md 3.6). */
export const keyName = (operation: string, psp: string, key: string): string => `${operation}/${psp}/${key}`;

/** The node's memory of answered calls. */
export class IdempotencyRecords {
  readonly #records = new Map<string, KeyRecord>();

  look(name: string, request: string, now: number): Lookup {
    const record = this.#records.get(name);
    if (!record) return { found: 'nothing' };
    if (record.expiresAt <= now) {
      this.#records.delete(name);
      return { found: 'nothing' };
    }
    return record.request === request ? { found: 'same', record } : { found: 'different' };
  }

  keep(name: string, record: KeyRecord): void {
    this.#records.set(name, record);
  }

  /** An outcome arrived for `token`, or its expiry job ran: the key that opened it can be used again. */
  forgetToken(token: string): void {
    for (const [name, record] of this.#records) if (record.token === token) this.#records.delete(name);
  }

  clear(): void {
    this.#records.clear();
  }

  snapshot(): readonly (readonly [string, KeyRecord])[] {
    return [...this.#records];
  }

  restore(saved: readonly (readonly [string, KeyRecord])[]): void {
    this.clear();
    for (const [name, record] of saved) this.#records.set(name, record);
  }
}
