import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, systemRandom } from '@jolly/contracts/values';
import { Backoff } from '../transport/index.ts';
import { type InputEvent, readInputEvents } from './codec.ts';

export interface EvdevEvents {
  event(event: InputEvent): void;
  /** `reason` names why there is nothing to read. */
  open(open: boolean, reason?: string): void;
}

/** A device that could be opened has not said anything by then, and is taken for open. */
const OPEN_AFTER_MS = 300;

/**
 * Reads a device of /dev/input and comes back when it was unplugged. `cat` does the reading: a read that waits for a key would
 * keep one of this process's few threads for good, and could not be ended.
 */
export class EvdevReader {
  readonly #path: string;
  readonly #events: EvdevEvents;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(() => (systemRandom(1)[0] ?? 0) / 256);
  #child: ChildProcess | undefined;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(path: string, events: EvdevEvents, clock: Clock) {
    this.#path = path;
    this.#events = events;
    this.#clock = clock;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#child?.kill('SIGKILL');
  }

  #open(): void {
    const child = spawn('cat', ['--', this.#path], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let rest: Uint8Array = new Uint8Array();
    let fault = '';
    const opened = () => {
      this.#backoff.reset();
      this.#events.open(true);
    };
    this.#cancel = this.#clock.after(OPEN_AFTER_MS, opened);
    child.stdout.on('data', (chunk: Buffer) => {
      const read = readInputEvents(Buffer.concat([rest, chunk]));
      rest = read.rest;
      for (const event of read.events) this.#events.event(event);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      fault += chunk.toString('latin1');
    });
    child.once('error', () => this.#lost('no-cat'));
    child.once('close', () => this.#lost(reasonOf(fault)));
  }

  #lost(reason: string): void {
    if (this.#closed || !this.#child) return;
    this.#child = undefined;
    this.#cancel();
    this.#events.open(false, reason);
    this.#cancel = this.#clock.after(this.#backoff.next(), () => this.#open());
  }
}

function reasonOf(fault: string): string {
  if (/permission denied/i.test(fault)) return 'no-permission';
  return /no such file/i.test(fault) ? 'absent' : 'unplugged';
}
