import type { DeviceState } from '../health/index.ts';
import type { Door, DoorContact, Nearness, PresenceSensor } from '../sensors/index.ts';
import type { PowerReading, PowerSupply } from '../ups/index.ts';
import { flagAt, objectAt, type Payload, type UnsolicitedMessage, wordAt } from './codec/index.ts';
import { type XfsContext, XfsDevice } from './device.ts';
import type { XfsAddress } from './settings.ts';

/** One sensor of the Auxiliaries interface: a value read from status and events, and who wants to know of it. */
abstract class XfsSensor<Value> extends XfsDevice {
  readonly #register: string;
  readonly #unknown: Value;
  readonly #listeners = new Set<(value: Value) => void>();
  #value: Value;

  constructor(address: XfsAddress, context: XfsContext, register: string, unknown: Value) {
    super(address, 'Auxiliaries', context, () => ({}));
    this.#register = register;
    this.#unknown = unknown;
    this.#value = unknown;
    this.begin();
  }

  /** Undefined: nothing was said of it. */
  protected abstract read(auxiliaries: Payload): Value | undefined;

  protected get value(): Value {
    return this.#value;
  }

  protected onValue(listener: (value: Value) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected override onUp(): void {
    // a service that sends events unasked may not know the command; its status is asked for all the same
    this.service.command('Auxiliaries.Register', { [this.#register]: 'register' }).catch(() => undefined);
  }

  protected override onDown(): void {
    this.#turn(this.#unknown);
  }

  protected override onStatus(payload: Payload): void {
    this.#take(objectAt(payload, 'auxiliaries'));
  }

  protected override onUnsolicited({ name, payload }: UnsolicitedMessage): void {
    if (name === 'Auxiliaries.AuxiliaryStatusEvent') this.#take(payload);
  }

  protected override condition(): { state: DeviceState; reasons: readonly string[] } {
    const known = JSON.stringify(this.#value) !== JSON.stringify(this.#unknown);
    return known ? { state: 'ready', reasons: [] } : { state: 'degraded', reasons: ['sensor-not-told'] };
  }

  #take(auxiliaries: Payload): void {
    const read = this.read(auxiliaries);
    if (read === undefined) return;
    this.#turn(read);
    this.show();
  }

  #turn(value: Value): void {
    if (JSON.stringify(value) === JSON.stringify(this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }
}

/** A state under its name of 1.0 (`…State`) or of later versions. */
const stateAt = (auxiliaries: Payload, ...names: readonly string[]): string | undefined =>
  names.map((name) => wordAt(auxiliaries, name)).find((word) => word !== undefined);

export class XfsPresence extends XfsSensor<Nearness> implements PresenceSensor {
  constructor(address: XfsAddress, context: XfsContext) {
    super(address, context, 'proximitySensor', 'unknown');
  }

  get presence(): Nearness {
    return this.value;
  }

  onPresence(listener: (presence: Nearness) => void): () => void {
    return this.onValue(listener);
  }

  protected override read(auxiliaries: Payload): Nearness | undefined {
    const word = stateAt(auxiliaries, 'proximitySensorState', 'proximitySensor');
    if (word === undefined) return undefined;
    return word === 'present' ? 'present' : word === 'notPresent' ? 'absent' : 'unknown';
  }
}

const DOORS = [
  'safeDoor',
  'cabinetFrontDoor',
  'cabinetRearDoor',
  'cabinetLeftDoor',
  'cabinetRightDoor',
] as const;
const SHUT: ReadonlySet<string> = new Set(['closed', 'locked', 'bolted']);

/** All doors of the cabinet as one: any that is not certainly shut is open. */
export class XfsDoor extends XfsSensor<Door> implements DoorContact {
  // the first read may come before the fields of this class are there: made where it is used
  #doors: Map<string, string> | undefined;

  constructor(address: XfsAddress, context: XfsContext) {
    super(address, context, 'cabinetFront', 'open');
  }

  get door(): Door {
    return this.value;
  }

  onDoor(listener: (door: Door) => void): () => void {
    return this.onValue(listener);
  }

  protected override read(auxiliaries: Payload): Door | undefined {
    this.#doors ??= new Map();
    for (const name of [...DOORS, 'cabinetDoor']) {
      const word = stateAt(auxiliaries, `${name}State`, name);
      if (word !== undefined && word !== 'notAvailable') this.#doors.set(name, word);
    }
    if (this.#doors.size === 0) return undefined;
    return [...this.#doors.values()].every((word) => SHUT.has(word)) ? 'closed' : 'open';
  }

  protected override condition(): { state: DeviceState; reasons: readonly string[] } {
    if (!this.#doors || this.#doors.size === 0) return { state: 'degraded', reasons: ['sensor-not-told'] };
    return { state: 'ready', reasons: [] };
  }
}

const NO_READING: PowerReading = {
  power: 'unknown',
  charge: undefined,
  runtimeSeconds: undefined,
  tokens: [],
};

export class XfsPower extends XfsSensor<PowerReading> implements PowerSupply {
  constructor(address: XfsAddress, context: XfsContext) {
    super(address, context, 'ups', NO_READING);
  }

  get reading(): PowerReading {
    return this.value;
  }

  onPower(listener: (reading: PowerReading) => void): () => void {
    return this.onValue(listener);
  }

  protected override read(auxiliaries: Payload): PowerReading | undefined {
    const ups = ['upsState', 'ups', 'UPS']
      .map((name) => objectAt(auxiliaries, name))
      .find((each) => Object.keys(each).length > 0);
    if (!ups) return undefined;
    const tokens = ['low', 'engaged', 'powering', 'recovered'].filter((flag) => flagAt(ups, flag));
    // `powering`: the UPS carries the cabinet; `engaged` alone says that it is switched on
    const battery = flagAt(ups, 'powering');
    const power = battery ? (flagAt(ups, 'low') ? 'low' : 'battery') : 'mains';
    return { ...NO_READING, power, tokens };
  }
}
