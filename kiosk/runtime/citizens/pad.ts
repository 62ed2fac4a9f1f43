import type { SecretField, SecretKey } from '@jolly/contracts/terminal-channel';
import type { Clock, SecretDigits } from '@jolly/contracts/values';
import type { SecretCollector } from '../channel/index.ts';
import { msBetween, type Press } from '../presses/index.ts';

/** The field that asks: its buffer belongs to whoever opened it, who also wipes it. */
export interface AskedField {
  readonly field: SecretField;
  readonly digits: SecretDigits;
  /** Fewer digits than this are not submitted. */
  readonly min: number;
  changed(): void;
  submitted(): void;
}

export interface PadCounters {
  readonly taken: number;
  /** Keys for another field, for none, or under something that covers the page. */
  readonly dropped: number;
  readonly bounced: number;
}

/** As in the session (docs/decisions/032): digits repeat in earnest, `enter` does not. */
const SAME_KEY_MS = 80;
const SAME_ENTER_MS = 500;

export interface PadSettings {
  readonly clock: Clock;
  /** Somebody pressed a key: they are there. */
  readonly present: () => void;
  /** False while something covers the page that asks. */
  readonly uncovered: () => boolean;
}

/**
 * Collects secret digits: one field is open at a time, the one that asked. Keys for any other are dropped and counted,
 * never logged. What was typed is in the field's own buffer and nowhere else; of a double press one key is remembered, until
 * the field is closed.
 */
export class SecretPad implements SecretCollector {
  readonly #settings: PadSettings;
  readonly #counters = { taken: 0, dropped: 0, bounced: 0 };
  #asked: AskedField | undefined;
  #last: (Press & { readonly key: SecretKey['key'] }) | undefined;
  /** An `enter` must not fall through into the field that opens next. */
  #enteredAt = Number.NEGATIVE_INFINITY;

  constructor(settings: PadSettings) {
    this.#settings = settings;
  }

  get field(): SecretField | undefined {
    return this.#asked?.field;
  }

  get counters(): PadCounters {
    return { ...this.#counters };
  }

  ask(field: AskedField): void {
    this.#asked = field;
    this.#last = undefined;
  }

  /** Lets go of the field: keys after this are dropped. */
  close(): void {
    this.#asked = undefined;
    this.#last = undefined;
  }

  key({ field, key, at }: SecretKey): void {
    const { present, uncovered } = this.#settings;
    const covered = !uncovered();
    present();
    const asked = this.#asked;
    if (!asked || asked.field !== field || covered) {
      this.#counters.dropped += 1;
      return;
    }
    if (this.#bounces(key, at)) {
      this.#counters.bounced += 1;
      return;
    }
    if (!this.#apply(asked, key)) {
      this.#counters.dropped += 1;
      return;
    }
    this.#counters.taken += 1;
  }

  #apply(asked: AskedField, key: SecretKey['key']): boolean {
    const { digits } = asked;
    if (key === 'enter') {
      if (digits.length < asked.min) return false;
      this.#enteredAt = this.#settings.clock.monotonic();
      // closed before anything is sent: ten presses are one
      this.close();
      asked.submitted();
      return true;
    }
    if (key === 'clear') digits.wipe();
    else if (key === 'erase') digits.erase();
    else if (!digits.push(key.charCodeAt(0) - 0x30)) return false;
    asked.changed();
    return true;
  }

  #bounces(key: SecretKey['key'], pressedAt?: number): boolean {
    const at = this.#settings.clock.monotonic();
    if (key === 'enter' && at - this.#enteredAt < SAME_ENTER_MS) return true;
    const press = { key, at, pressedAt };
    const again = this.#last?.key === key && msBetween(this.#last, press) < SAME_KEY_MS;
    if (!again) this.#last = press;
    return again;
  }
}
