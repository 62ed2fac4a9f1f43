import type { Clock } from '@jolly/contracts/values';
import { type DeviceHealth, HealthBook, type SelfTestStep, timedStep } from '../health/index.ts';
import { LIGHT_OFF, type LightLook, type LightName, type Lights } from './port.ts';

/** What a kind of lights does on its own: the rest (latest wins, health, self-test) is `LightSet`'s. */
export interface LightAdapter {
  readonly names: readonly LightName[];
  /** Undefined while the lights can be set; else why not. */
  readonly trouble: string | undefined;
  /** Shows one look; rejects when it could not. */
  show(name: LightName, look: LightLook): Promise<void>;
  /** `changed` is called whenever `names` or `trouble` changed: what should be lit is then shown again. */
  watch(changed: () => void): void;
  close(): Promise<void>;
}

/**
 * Lights on any adapter. Remembers what should be lit, so that a board that comes back shows it; for each light only the
 * newest look is sent when several wait.
 */
export class LightSet implements Lights {
  readonly uri: string;
  readonly #adapter: LightAdapter;
  readonly #clock: Clock;
  readonly #book: HealthBook;
  readonly #wanted = new Map<LightName, LightLook>();
  readonly #waiting = new Map<LightName, Promise<void>>();
  #failures = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(uri: string, adapter: LightAdapter, clock: Clock) {
    this.uri = uri;
    this.#adapter = adapter;
    this.#clock = clock;
    this.#book = new HealthBook(clock, () => ({ failures: this.#failures }));
    adapter.watch(() => this.#changed());
    this.#judge();
  }

  get names(): readonly LightName[] {
    return this.#adapter.names;
  }

  async set(name: LightName, look: LightLook): Promise<void> {
    this.#wanted.set(name, look);
    await this.#send(name);
  }

  health(): DeviceHealth {
    return this.#book.now;
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#book.on(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const cure = 'check the lights’ cable, power and address; see docs/lights.md';
    const there = await timedStep(this.#clock, 'lights', cure, () => {
      if (this.#adapter.trouble !== undefined) throw new Error(this.#adapter.trouble);
      return this.names.join(' ') || 'none';
    });
    const first = this.names[0];
    if (!there.ok || first === undefined) return [there];
    // shown as it is already: the wire is tried, and nobody sees a light that means something else
    const look = this.#wanted.get(first) ?? LIGHT_OFF;
    return [
      there,
      await timedStep(this.#clock, 'command', cure, async () => {
        await this.#adapter.show(first, look);
        return undefined;
      }),
    ];
  }

  async close(): Promise<void> {
    this.#book.forget();
    for (const name of this.names) this.#wanted.set(name, LIGHT_OFF);
    if (this.#adapter.trouble === undefined)
      await Promise.allSettled([...this.names].map((name) => this.#send(name)));
    await this.#adapter.close();
  }

  #send(name: LightName): Promise<void> {
    const waits = this.#waiting.get(name);
    if (waits) return waits;
    const mine = this.#turn.then(async () => {
      this.#waiting.delete(name);
      const look = this.#wanted.get(name);
      if (!look || !this.names.includes(name) || this.#adapter.trouble !== undefined) return;
      try {
        await this.#adapter.show(name, look);
      } catch (error) {
        this.#failures++;
        throw error;
      } finally {
        this.#judge();
      }
    });
    this.#waiting.set(name, mine);
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  #changed(): void {
    this.#judge();
    if (this.#adapter.trouble !== undefined) return;
    // a failure is counted and told by the adapter's own trouble
    for (const name of this.#wanted.keys()) this.#send(name).catch(() => undefined);
  }

  #judge(): void {
    const { trouble } = this.#adapter;
    if (trouble === undefined) this.#book.turn('ready');
    else this.#book.turn('unavailable', [trouble]);
  }
}
