import type { Clock } from '@jolly/contracts/values';
import { type DeviceHealth, HealthBook, type SelfTestStep, timedStep } from '../health/index.ts';
import { DEBOUNCE_MS, Debounced } from './debounce.ts';
import type { Door, DoorContact, Nearness, PresenceSensor } from './port.ts';

/** What a sensor hears from its wire or its pin. */
export interface SensorInput<T> {
  /** The line's value, before the bounce is taken out; undefined: nobody knows (link lost, program gone). */
  saw(value: T | undefined, reason: string): void;
}

/** Attaches to a wire or a pin; the returned function lets go of it. */
export type Attach<T> = (input: SensorInput<T>) => () => Promise<void>;

/** The part both sensors share: debouncing, health, self-test. `lost` is what holds while nobody knows. */
class Sensor<T extends string> {
  readonly uri: string;
  readonly #clock: Clock;
  readonly #book: HealthBook;
  readonly #value: Debounced<T>;
  readonly #listeners = new Set<(value: T) => void>();
  readonly #detach: () => Promise<void>;
  readonly #healthOf: (value: T) => readonly [DeviceHealth['state'], readonly string[]];
  readonly #cure: string;
  #known = false;
  #reason = 'not-connected';
  #changes = 0;

  constructor(
    options: {
      readonly uri: string;
      readonly clock: Clock;
      readonly lost: T;
      readonly cure: string;
      readonly healthOf: (value: T) => readonly [DeviceHealth['state'], readonly string[]];
    },
    attach: Attach<T>,
  ) {
    this.uri = options.uri;
    this.#clock = options.clock;
    this.#cure = options.cure;
    this.#healthOf = options.healthOf;
    this.#book = new HealthBook(options.clock, () => ({ changes: this.#changes }));
    this.#value = new Debounced(options.clock, DEBOUNCE_MS, options.lost, (value) => this.#changed(value));
    this.#detach = attach({
      saw: (value, reason) => {
        this.#known = value !== undefined;
        this.#reason = reason;
        if (value === undefined) this.#value.now(options.lost);
        else this.#value.saw(value);
        this.#judge();
      },
    });
  }

  get value(): T {
    return this.#value.value;
  }

  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): DeviceHealth {
    return this.#book.now;
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#book.on(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const step = await timedStep(this.#clock, 'contact', this.#cure, () => {
      if (!this.#known) throw new Error(this.#reason);
      return this.value;
    });
    return [step];
  }

  async close(): Promise<void> {
    this.#value.stop();
    this.#listeners.clear();
    this.#book.forget();
    await this.#detach();
  }

  #changed(value: T): void {
    this.#changes++;
    this.#judge();
    for (const listener of this.#listeners) listener(value);
  }

  #judge(): void {
    if (!this.#known) this.#book.turn('unavailable', [this.#reason]);
    else this.#book.turn(...this.#healthOf(this.value));
  }
}

const CURE = 'check the sensor’s wires and the pin or port in the URI';

/** Presence: nobody may rely on it while it is `unknown`. */
export class NearnessSensor extends Sensor<Nearness> implements PresenceSensor {
  constructor(uri: string, clock: Clock, attach: Attach<Nearness>) {
    super({ uri, clock, lost: 'unknown', cure: CURE, healthOf: () => ['ready', []] }, attach);
  }
  get presence(): Nearness {
    return this.value;
  }
  onPresence(listener: (presence: Nearness) => void): () => void {
    return this.on(listener);
  }
}

/** The door: whoever cuts the wire has opened it. */
export class CabinetDoor extends Sensor<Door> implements DoorContact {
  constructor(uri: string, clock: Clock, attach: Attach<Door>) {
    super(
      {
        uri,
        clock,
        lost: 'open',
        cure: CURE,
        healthOf: (door) => (door === 'open' ? ['cover-open', ['door-open']] : ['ready', []]),
      },
      attach,
    );
  }
  get door(): Door {
    return this.value;
  }
  onDoor(listener: (door: Door) => void): () => void {
    return this.on(listener);
  }
}
