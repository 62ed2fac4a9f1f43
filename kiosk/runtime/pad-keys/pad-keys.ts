import type { Intent, PadKey, SecretField, SecretKey } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import type { Keypad } from '@jolly/drivers/keypad';

export interface PadKeysPorts {
  readonly clock: Clock;
  readonly keypad: Pick<Keypad, 'onKey' | 'onHold'>;
  /** The same key again within this time is a tremor, ms. */
  readonly sameKeyMs: number;
  readonly intent: (intent: Intent) => unknown;
  /** The field that asks for digits nobody may see, when one is in front. */
  readonly secretField: () => SecretField | undefined;
  readonly secret: (key: SecretKey) => void;
}

export interface PadKeysCounters {
  readonly taken: number;
  readonly bounced: number;
}

/** Digits repeat in earnest (docs/decisions/032): only what no finger can do is a bounce. */
const SAME_DIGIT_MS = 80;

const isDigit = (key: PadKey): boolean => /^\d$/.test(key);

/**
 * Where the keys of the tactile keypad go: to the screen, which gives them their meaning. Digits of a PIN go straight to the field
 * that asks, and never onto the channel. A key is a sign that somebody is there. Help that is held calls a person.
 */
export class PadKeys {
  readonly #ports: PadKeysPorts;
  readonly #listeners = new Set<(key: PadKey) => void>();
  readonly #counters = { taken: 0, bounced: 0 };
  readonly #undo: readonly (() => void)[];
  #last: { readonly key: PadKey; readonly at: number } | undefined;

  constructor(ports: PadKeysPorts) {
    this.#ports = ports;
    this.#undo = [
      ports.keypad.onKey((key) => this.#pressed(key)),
      ports.keypad.onHold((key) => {
        if (key === 'help') ports.intent({ type: 'call-person' });
      }),
    ];
  }

  onKey(listener: (key: PadKey) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get counters(): PadKeysCounters {
    return { ...this.#counters };
  }

  close(): void {
    for (const each of this.#undo) each();
    this.#listeners.clear();
    this.#last = undefined;
  }

  #pressed(key: PadKey): void {
    const { intent, secret, secretField } = this.#ports;
    const field = secretField();
    if (field !== undefined && (isDigit(key) || key === 'clear')) {
      // the pad of secrets has its own filter; nothing of the key is remembered here
      this.#last = undefined;
      secret({ type: 'secret', field, key: key as SecretKey['key'] });
      return;
    }
    if (this.#bounces(key)) {
      this.#counters.bounced += 1;
      return;
    }
    this.#counters.taken += 1;
    intent({ type: 'touched' });
    for (const listener of this.#listeners) listener(key);
  }

  #bounces(key: PadKey): boolean {
    const at = this.#ports.clock.monotonic();
    const limit = isDigit(key) ? SAME_DIGIT_MS : this.#ports.sameKeyMs;
    const again = this.#last?.key === key && at - this.#last.at < limit;
    if (!again) this.#last = { key, at };
    return again;
  }
}
