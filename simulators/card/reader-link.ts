import { connect, type Socket } from 'node:net';
import { type Clock, sleep } from '@jolly/contracts/values';
import { frame, ReaderFrames, type ReaderMessage, ReaderWireError } from './frames.ts';
import type { LaidCard } from './laid.ts';

const RETRY_MS = 250;

/** The wire to one reader: connecting lays a card on it, closing takes it away. */
export class ReaderLink {
  readonly host: string;
  readonly port: number;
  readonly #clock: Clock;
  readonly #onRemoved: () => void;
  #laid: LaidCard | undefined;
  #socket: Socket | undefined;
  #connected = false;
  #cancelRetry: (() => void) | undefined;

  /** `onRemoved`: a fault pulled the card away. */
  constructor(address: string, clock: Clock, onRemoved: () => void) {
    const at = address.lastIndexOf(':');
    this.host = address.slice(0, at);
    this.port = Number(address.slice(at + 1));
    if (at < 1 || !Number.isInteger(this.port) || this.port < 1 || this.port > 65_535)
      throw new Error(`not a reader's address (host:port): ${address}`);
    this.#clock = clock;
    this.#onRemoved = onRemoved;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get apdus(): number {
    return this.#laid?.apdus ?? 0;
  }

  /** Lays the card, or keeps trying as long as no reader listens. */
  hold(laid: LaidCard): void {
    this.take();
    this.#laid = laid;
    this.#connect(laid);
  }

  /** Takes the card away. */
  take(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#laid?.power(false);
    this.#laid = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#connected = false;
  }

  #connect(laid: LaidCard): void {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    this.#socket = socket;
    const frames = new ReaderFrames();
    let answers = Promise.resolve();
    const current = () => this.#socket === socket && this.#laid === laid;
    socket.on('connect', () => {
      if (!current()) return;
      this.#connected = true;
      // A reader that comes back finds a card that was without power.
      laid.power(true);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of frames.push(chunk))
          answers = answers.then(() => (current() ? this.#serve(socket, laid, message) : undefined));
      } catch (error) {
        if (!(error instanceof ReaderWireError)) throw error;
        socket.destroy();
      }
    });
    // The close that follows decides what to do.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!current()) return;
      this.#connected = false;
      laid.power(false);
      this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.#connect(laid));
    });
  }

  async #serve(socket: Socket, laid: LaidCard, message: ReaderMessage): Promise<void> {
    if (message.kind !== 'apdu') {
      const atr = message.kind === 'atr' ? laid.atr() : undefined;
      if (atr) socket.write(frame(atr));
      if (message.kind !== 'atr') laid.power(message.kind !== 'power-off');
      return;
    }
    const reaction = laid.respond(message.bytes);
    if (reaction.kind === 'silence') return;
    if (reaction.kind === 'removed') {
      this.take();
      this.#onRemoved();
      return;
    }
    if (reaction.afterMs > 0) await sleep(this.#clock, reaction.afterMs);
    if (this.#socket === socket) socket.write(frame(reaction.bytes));
  }
}
