import type { Clock } from '@jolly/contracts/values';
import { PadLineDevice } from '../../pad-line/index.ts';
import type { Transport } from '../../transport/index.ts';
import type { Audio } from '../port.ts';
import { Plug } from './plug.ts';

/** A sound controller that speaks the keypad's lines: the simulator's `sim-audio+tcp://host:port`. */
export class LineAudio implements Audio {
  readonly uri: string;
  readonly #device: PadLineDevice;
  readonly #plug = new Plug();
  #level: number | undefined;

  constructor(uri: string, transport: Transport, clock: Clock) {
    this.uri = uri;
    this.#device = new PadLineDevice(uri, transport, clock, {
      onLine: (line) => {
        if (line.line === 'jack') this.#plug.turn(line.plugged);
      },
      onLink: (open) => {
        // nobody knows where the sound goes now: what is private waits
        if (!open) this.#plug.turn(false);
        else if (this.#level !== undefined) void this.#send(this.#level);
      },
    });
  }

  get headset(): boolean {
    return this.#plug.in;
  }

  onHeadset = (listener: (plugged: boolean) => void) => this.#plug.on(listener);
  health = () => this.#device.health();
  onHealth = (listener: Parameters<Audio['onHealth']>[0]) => this.#device.onHealth(listener);
  selfTest = () => this.#device.selfTest();

  /** A link that is down gets the level when it is back. */
  async setLevel(level: number): Promise<void> {
    this.#level = level;
    if (this.#device.open) await this.#send(level);
  }

  close(): Promise<void> {
    this.#plug.clear();
    return this.#device.close();
  }

  async #send(level: number): Promise<void> {
    try {
      await this.#device.write({ line: 'level', level });
    } catch {
      // the link went down meanwhile: it is sent again when it comes back
    }
  }
}
