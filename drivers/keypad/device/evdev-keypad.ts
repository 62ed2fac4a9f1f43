import type { PadKey } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import {
  EV_KEY,
  EV_SW,
  EvdevReader,
  type InputEvent,
  KEY_DOWN,
  KEY_UP,
  SW_HEADPHONE_INSERT,
} from '../../evdev/index.ts';
import type { DeviceHealth, DeviceState, SelfTestStep } from '../../health/index.ts';
import type { Keypad } from '../port.ts';
import { Ears } from './ears.ts';
import { KeyFollower, keyCodes, keypadError } from './keys.ts';

/** Codes of linux/input-event-codes.h: arrows, Enter, Escape, R, F1, the volume keys, digits of both blocks, Delete. */
const LINUX_CODES: Readonly<Partial<Record<PadKey, readonly string[]>>> = {
  up: ['103'],
  down: ['108'],
  left: ['105'],
  right: ['106'],
  ok: ['28', '96'],
  back: ['1'],
  repeat: ['19'],
  help: ['59'],
  'volume-up': ['115'],
  'volume-down': ['114'],
  '1': ['2', '79'],
  '2': ['3', '80'],
  '3': ['4', '81'],
  '4': ['5', '75'],
  '5': ['6', '76'],
  '6': ['7', '77'],
  '7': ['8', '71'],
  '8': ['9', '72'],
  '9': ['10', '73'],
  '0': ['11', '82'],
  clear: ['111', '14'],
};

/** A keypad that Linux sees as a keyboard: `evdev-keypad:/dev/input/by-id/…-event-kbd?help=60&jackin=191&jackout=192`. */
export class EvdevKeypad implements Keypad {
  readonly uri: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #reader: EvdevReader;
  readonly #ears: Ears;
  readonly #keys: KeyFollower;
  readonly #codes: ReturnType<typeof keyCodes>;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  readonly #counts = { keys: 0, unknownKeys: 0 };
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;

  constructor(uri: string, path: string, settings: URLSearchParams, clock: Clock) {
    if (!path.startsWith('/dev/'))
      throw keypadError('KEYPAD_SETTING_INVALID', { faults: `no device of /dev: ${path}` });
    this.uri = uri;
    this.#path = path;
    this.#clock = clock;
    this.#since = clock.now();
    this.#codes = keyCodes(settings, LINUX_CODES);
    const hasJack = this.#codes.jackIn !== undefined || settings.get('jack') === 'yes';
    this.#ears = new Ears(hasJack ? false : undefined);
    this.#keys = new KeyFollower(clock, this.#ears);
    this.#reader = new EvdevReader(
      path,
      { event: (event) => this.#heard(event), open: (open, reason) => this.#opened(open, reason) },
      clock,
    );
  }

  get headset(): boolean | undefined {
    return this.#ears.headset;
  }

  onKey = (listener: (key: PadKey) => void) => this.#ears.onKey(listener);
  onHold = (listener: (key: PadKey) => void) => this.#ears.onHold(listener);
  onHeadset = (listener: (plugged: boolean) => void) => this.#ears.onHeadset(listener);

  health(): DeviceHealth {
    return {
      state: this.#state,
      reasons: this.#reasons,
      since: this.#since,
      counters: { ...this.#counts },
    };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  selfTest(): Promise<readonly SelfTestStep[]> {
    const ok = this.#state === 'ready';
    const why = { detail: this.#reasons.join(' '), cure: `plug it in; let this program read ${this.#path}` };
    return Promise.resolve([{ name: 'device', ok, durationMs: 0, ...(ok ? {} : why) }]);
  }

  close(): Promise<void> {
    this.#reader.close();
    this.#keys.reset();
    this.#ears.clear();
    this.#listeners.clear();
    return Promise.resolve();
  }

  #heard({ type, code, value }: InputEvent): void {
    if (type === EV_SW && code === SW_HEADPHONE_INSERT && this.#ears.headset !== undefined)
      this.#ears.plug(value === 1);
    if (type !== EV_KEY || (value !== KEY_DOWN && value !== KEY_UP)) return;
    const name = String(code);
    if (value === KEY_DOWN && name === this.#codes.jackIn) this.#ears.plug(true);
    if (value === KEY_DOWN && name === this.#codes.jackOut) this.#ears.plug(false);
    const key = this.#codes.keys.get(name);
    if (value === KEY_DOWN) this.#counts[key ? 'keys' : 'unknownKeys'] += 1;
    if (key) this.#keys[value === KEY_DOWN ? 'down' : 'up'](key);
  }

  #opened(open: boolean, reason: string | undefined): void {
    const state = open ? 'ready' : 'unavailable';
    if (!open) {
      this.#keys.reset();
      if (this.#ears.headset) this.#ears.plug(false);
    }
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#reasons = open ? [] : [reason ?? 'unplugged'];
    for (const listener of this.#listeners) listener(this.health());
  }
}
