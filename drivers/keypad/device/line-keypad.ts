import { PadKey } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import { type PadLine, PadLineDevice } from '../../pad-line/index.ts';
import type { Transport } from '../../transport/index.ts';
import type { Keypad } from '../port.ts';
import { Ears } from './ears.ts';
import { KeyFollower, keyCodes } from './keys.ts';

/** By default each key is called by its own name. */
const BY_NAME = Object.fromEntries(PadKey.options.map((key) => [key, [key]]));

/** A keypad that speaks lines over TCP or a serial port: `keypad+tcp://host:port`, `keypad+serial:///dev/ttyACM0?baud=115200`. */
export class LineKeypad implements Keypad {
  readonly uri: string;
  readonly #device: PadLineDevice;
  readonly #ears = new Ears(undefined);
  readonly #keys: KeyFollower;
  readonly #codes: ReturnType<typeof keyCodes>;
  readonly onKey = this.#ears.onKey;
  readonly onHold = this.#ears.onHold;
  readonly onHeadset = this.#ears.onHeadset;

  constructor(uri: string, transport: Transport, settings: URLSearchParams, clock: Clock) {
    this.uri = uri;
    this.#codes = keyCodes(settings, BY_NAME);
    this.#keys = new KeyFollower(clock, this.#ears);
    this.#device = new PadLineDevice(uri, transport, clock, {
      onLine: (line) => this.#heard(line),
      onLink: (open) => {
        if (open) return;
        this.#keys.reset();
        // nobody knows where the sound goes now: what is private waits
        if (this.#ears.headset) this.#ears.plug(false);
      },
    });
  }

  get headset(): boolean | undefined {
    return this.#ears.headset;
  }

  health = () => this.#device.health();
  onHealth = (listener: Parameters<Keypad['onHealth']>[0]) => this.#device.onHealth(listener);
  selfTest = () => this.#device.selfTest();

  close(): Promise<void> {
    this.#keys.reset();
    this.#ears.clear();
    return this.#device.close();
  }

  #heard(line: PadLine): void {
    if (line.line === 'jack') this.#ears.plug(line.plugged);
    if (line.line !== 'down' && line.line !== 'up') return;
    if (line.line === 'down' && line.code === this.#codes.jackIn) this.#ears.plug(true);
    if (line.line === 'down' && line.code === this.#codes.jackOut) this.#ears.plug(false);
    const key = this.#codes.keys.get(line.code);
    if (key) this.#keys[line.line](key);
  }
}
