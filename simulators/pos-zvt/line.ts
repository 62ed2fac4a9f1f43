import { type Clock, sleep } from '@jolly/contracts/values';
import {
  type Apdu,
  ApduReader,
  apduOf,
  decodeFromTill,
  encodeSerialControl,
  encodeSerialFrame,
  SerialReader,
  type TillCommand,
  type ZvtReader,
  type ZvtWireItem,
} from '@jolly/drivers/pos/zvt';
import type { Wire } from '../process/index.ts';

/** How the till answered a message: `80 00`, `84` with a code, nothing in time, or it is gone. */
export type Answer = 'ok' | { readonly code: number } | 'timeout' | 'gone';

export interface LineOptions {
  readonly serial: boolean;
  readonly clock: Clock;
  /** T3: for the till's answer to a message. */
  readonly answerMs: number;
  readonly command: (command: TillCommand) => void;
  readonly note: (direction: 'in' | 'out', what: string) => void;
}

const MERGE_MS = 30;
const REPETITIONS = 2;
/** A word to the log: control field and, for a result, its code. */
export const labelOf = ({ control, data }: Apdu): string => {
  const bytes = control.toString(16).padStart(4, '0').toUpperCase();
  const label = `${bytes.slice(0, 2)} ${bytes.slice(2)}`;
  const code = control === 0x040f ? data[1] : control === 0x061e || control === 0x04ff ? data[0] : undefined;
  return code === undefined ? label : `${label} ${code.toString(16).padStart(2, '0').toUpperCase()}`;
};

/** The terminal's end of the wire: says one thing at a time and waits for the till's answer to it. */
export class TerminalLine {
  split: 'each' | 'merge' | 'off' = 'off';
  readonly #options: LineOptions;
  #wire: Wire | undefined;
  /** A serial line cannot be dropped: it is not heard until the operation ends. */
  #muted: Wire | undefined;
  #reader: ZvtReader;
  readonly #inbox: ZvtWireItem[] = [];
  #reading = false;
  #waiter: ((how: Answer) => void) | undefined;
  #lastFrame: { readonly bytes: Uint8Array; left: number } | undefined;
  #outgoing: number[] = [];
  /** Bytes are written one after another, also when they dribble. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LineOptions) {
    this.#options = options;
    this.#reader = this.#freshReader();
  }

  get wire(): Wire | undefined {
    return this.#wire;
  }

  connected(wire: Wire): void {
    this.#wire = wire;
    this.#inbox.length = 0;
    this.#reader = this.#freshReader();
    this.#lastFrame = undefined;
  }

  disconnected(wire: Wire): boolean {
    if (this.#wire !== wire) return false;
    this.#wire = undefined;
    this.#waiter?.('gone');
    return true;
  }

  data(wire: Wire, bytes: Uint8Array): void {
    if (this.#wire !== wire) return;
    this.#inbox.push(...this.#reader.push(bytes));
    if (!this.#reading) void this.#readInbox();
  }

  /** One message at a time: what a confirmation ends has ended before the command behind it is looked at. */
  async #readInbox(): Promise<void> {
    this.#reading = true;
    for (let item = this.#inbox.shift(); item; item = this.#inbox.shift()) {
      this.#take(item);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#reading = false;
  }

  #take(item: ZvtWireItem): void {
    switch (item.wire) {
      case 'apdu':
        if (this.#options.serial) this.#put(encodeSerialControl('ack'));
        this.#heard(item.apdu);
        return;
      case 'nak':
        this.#repeat();
        return;
      case 'ack':
        this.#lastFrame = undefined;
        return;
      case 'error':
        this.#options.note('in', item.code);
        if (this.#options.serial && item.code !== 'ZVT_NOISE') this.#put(encodeSerialControl('nak'));
        return;
      case 'incomplete':
        return;
    }
  }

  /** Says something that is not answered: `80 00`, `84 xx`. */
  answer(apdu: Uint8Array): void {
    this.#send(apdu);
  }

  /** Says something and waits for the till's `80 00` or `84 xx`. */
  say(apdu: Uint8Array, corrupt = false): Promise<Answer> {
    if (!this.#wire) return Promise.resolve('gone');
    return new Promise((resolve) => {
      const finish = (how: Answer) => {
        cancel();
        this.#waiter = undefined;
        resolve(how);
      };
      const cancel = this.#options.clock.after(this.#options.answerMs, () => finish('timeout'));
      this.#waiter = finish;
      this.#send(apdu, corrupt);
    });
  }

  /** Says only the first half of it. */
  sayPart(apdu: Uint8Array): Promise<void> {
    const bytes = this.#options.serial ? encodeSerialFrame(apdu) : apdu;
    this.#options.note('out', 'cut');
    this.#put(bytes.subarray(0, bytes.length >> 1));
    return this.#writing;
  }

  /** Drops the link, as a pulled cable does. */
  async drop(): Promise<void> {
    await this.#writing;
    const wire = this.#wire;
    this.#wire = undefined;
    this.#muted = this.#options.serial ? wire : undefined;
    this.#waiter?.('gone');
    wire?.reset();
  }

  /** The operation is over: a serial line is heard again. */
  unmute(): boolean {
    const muted = this.#muted;
    this.#muted = undefined;
    if (muted) this.connected(muted);
    return muted !== undefined;
  }

  async end(wire: Wire): Promise<void> {
    await this.#writing;
    if (this.#wire === wire) wire.end();
  }

  #freshReader(): ZvtReader {
    return this.#options.serial ? new SerialReader() : new ApduReader();
  }

  #heard(apdu: Apdu): void {
    this.#options.note('in', labelOf(apdu));
    const command = decodeFromTill(apdu);
    if (command.command === 'ok') this.#waiter?.('ok');
    else if (command.command === 'not-issued') this.#waiter?.({ code: command.code });
    else this.#options.command(command);
  }

  #send(apdu: Uint8Array, corrupt = false): void {
    const read = apduOf(apdu);
    if (read) this.#options.note('out', labelOf(read));
    if (!this.#options.serial) {
      this.#put(apdu);
      return;
    }
    const frame = encodeSerialFrame(apdu);
    this.#lastFrame = { bytes: frame, left: REPETITIONS };
    const first = Uint8Array.from(frame);
    if (corrupt) first[first.length - 1] = (first.at(-1) ?? 0) ^ 0x50;
    this.#put(first);
  }

  #repeat(): void {
    const last = this.#lastFrame;
    if (!last || last.left === 0) return;
    last.left--;
    this.#put(last.bytes);
  }

  #put(bytes: Uint8Array): void {
    const wire = this.#wire;
    if (!wire) return;
    if (this.split === 'off') {
      wire.write(bytes);
      return;
    }
    this.#outgoing.push(...bytes);
    const wait = this.split === 'merge' ? MERGE_MS : 0;
    const dribble = this.split === 'each';
    this.#writing = this.#writing.then(async () => {
      if (wait) await sleep(this.#options.clock, wait);
      const pending = this.#outgoing;
      this.#outgoing = [];
      if (!dribble) {
        if (pending.length > 0) wire.write(Uint8Array.from(pending));
        return;
      }
      for (const byte of pending) {
        wire.write(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }
}
