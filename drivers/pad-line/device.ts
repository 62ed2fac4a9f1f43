import { type Clock, errorsOf, sleep } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState, SelfTestStep } from '../health/index.ts';
import type { LinkState, Transport } from '../transport/index.ts';
import { type PadLine, padLine, readPadLines } from './codec.ts';

export const padLineError = errorsOf({
  PAD_LINK_DOWN: {
    cause: 'the keypad or sound controller is not connected',
    retry: 'later',
    cure: 'check its cable and the address in the configuration; see docs/keypad.md',
  },
});

const SELF_TEST_LINK_MS = 3_000;

/** What keypad and sound controller on this line have in common: the link, its health, the lines in and out. */
export class PadLineDevice {
  readonly uri: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #onLine: (line: PadLine) => void;
  readonly #onLink: (open: boolean) => void;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  readonly #counts = { lines: 0, faults: 0 };
  #rest = '';
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;

  constructor(
    uri: string,
    transport: Transport,
    clock: Clock,
    hears: { readonly onLine: (line: PadLine) => void; readonly onLink: (open: boolean) => void },
  ) {
    this.uri = uri;
    this.#transport = transport;
    this.#clock = clock;
    this.#onLine = hears.onLine;
    this.#onLink = hears.onLink;
    this.#since = clock.now();
    transport.start({ data: (bytes) => this.#data(bytes), state: (state, why) => this.#link(state, why) });
  }

  get open(): boolean {
    return this.#transport.state === 'open';
  }

  /** Rejects with `LINK_DOWN` while the link is down. */
  write(line: PadLine): Promise<void> {
    return this.#transport.write(new TextEncoder().encode(padLine(line)));
  }

  health(): DeviceHealth {
    const { opened, lost } = this.#transport.counters;
    const counters = { ...this.#counts, linkOpened: opened, linkLost: lost };
    return { state: this.#state, reasons: this.#reasons, since: this.#since, counters };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const start = this.#clock.monotonic();
    while (!this.open && this.#clock.monotonic() - start < SELF_TEST_LINK_MS) await sleep(this.#clock, 50);
    const durationMs = Math.round(this.#clock.monotonic() - start);
    if (this.open) return [{ name: 'link', ok: true, durationMs }];
    const { entry } = padLineError('PAD_LINK_DOWN');
    return [{ name: 'link', ok: false, durationMs, detail: this.#reasons.join(' '), cure: entry.cure ?? '' }];
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return this.#transport.close();
  }

  #data(bytes: Uint8Array): void {
    const read = readPadLines(this.#rest + String.fromCharCode(...bytes));
    this.#rest = read.rest;
    this.#counts.lines += read.lines.length;
    this.#counts.faults += read.faults;
    for (const line of read.lines) this.#onLine(line);
  }

  #link(state: LinkState, why: string | undefined): void {
    this.#rest = '';
    if (state === 'open') {
      this.#turn('ready', []);
      // the plug may have moved while nobody was there; a link that breaks again asks again
      this.write({ line: 'ask' }).catch(() => this.#turn('unavailable', ['link-down:write']));
      this.#onLink(true);
    } else if (state === 'waiting') {
      this.#turn('unavailable', [`link-down:${why ?? 'unknown'}`]);
      this.#onLink(false);
    }
  }

  #turn(state: DeviceState, reasons: readonly string[]): void {
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#reasons = reasons;
    const health = this.health();
    for (const listener of this.#listeners) listener(health);
  }
}
