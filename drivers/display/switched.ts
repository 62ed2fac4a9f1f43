import type { Clock } from '@jolly/contracts/values';
import { type DeviceHealth, HealthBook, type SelfTestStep, timedStep } from '../health/index.ts';
import { displayError } from './errors.ts';
import type { Display } from './port.ts';

/** A screen that is switched by one act. Acts take their turn; one that is already overtaken is not done. */
export class SwitchedDisplay implements Display {
  readonly uri: string;
  readonly #act: (power: 'on' | 'off') => Promise<void>;
  readonly #probe: () => Promise<string | undefined>;
  readonly #release: () => Promise<void>;
  readonly #clock: Clock;
  readonly #book: HealthBook;
  #power: Display['power'] = 'unknown';
  #wanted: 'on' | 'off' | undefined;
  #turn: Promise<void> = Promise.resolve();
  #switched = 0;

  constructor(
    uri: string,
    clock: Clock,
    acts: {
      readonly act: (power: 'on' | 'off') => Promise<void>;
      /** Harmless: says what is there, rejects when the screen cannot be told. */
      readonly probe: () => Promise<string | undefined>;
      readonly release?: () => Promise<void>;
    },
  ) {
    this.uri = uri;
    this.#clock = clock;
    this.#act = acts.act;
    this.#probe = acts.probe;
    this.#release = acts.release ?? (() => Promise.resolve());
    this.#book = new HealthBook(clock, () => ({ switched: this.#switched }));
    this.#book.turn('ready');
  }

  get power(): Display['power'] {
    return this.#power;
  }

  turn(power: 'on' | 'off'): Promise<void> {
    this.#wanted = power;
    const mine = this.#turn.then(async () => {
      if (this.#wanted !== power) return;
      try {
        await this.#act(power);
      } catch (cause) {
        this.#power = 'unknown';
        const why = cause instanceof Error ? cause.message.slice(0, 80) : 'unknown';
        this.#book.turn('degraded', ['not-switched']);
        throw displayError('DISPLAY_REFUSED', { why }, { cause });
      }
      this.#power = power;
      this.#switched++;
      this.#book.turn('ready');
    });
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  health(): DeviceHealth {
    return this.#book.now;
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#book.on(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    return [
      await timedStep(this.#clock, 'screen', displayError('DISPLAY_REFUSED').entry.cure ?? '', this.#probe),
    ];
  }

  /** Nobody leaves a terminal dark. */
  async close(): Promise<void> {
    this.#book.forget();
    // told by health before; closing has nobody left to tell
    if (this.#power === 'off') await this.turn('on').catch(() => undefined);
    await this.#release();
  }
}
