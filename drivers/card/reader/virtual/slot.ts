import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, secretBytes, wipe } from '@jolly/contracts/values';
import { cardError } from '../../errors.ts';
import { readAtr } from '../atr-codec.ts';
import { encodeFrame, FrameReader } from '../frames-codec.ts';
import type { SlotState } from '../port.ts';
import type { HeldCard } from '../transactions.ts';

/** Control bytes from the reader to the card (cie-card.md 11). */
const CONTROL = { powerOff: 0, powerOn: 1, reset: 2, giveAtr: 4 } as const;
const LONGEST = 0xffff;
/** A real card answers its reset within a fraction of a second. */
const ATR_LIMIT_MS = 2_000;
const LISTEN_AGAIN_MS = 1_000;
/** Nonsense is thrown away up to here; then the line is cut. */
const NONSENSE_LIMIT_BYTES = 1 << 20;
/** Answers owed by a card that was given up; one that owes more is mute. */
const OWED_LIMIT = 4;

export interface VirtualSlotEvents {
  seen(state: SlotState, atr: Uint8Array | undefined): void;
  /** Why nobody can lay a card here; undefined: listening. */
  trouble(reason: string | undefined): void;
}

interface Owed {
  answer(body: Uint8Array): void;
  gone(): void;
}

const atrLooksRight = (bytes: Uint8Array): boolean =>
  bytes.length >= 2 && bytes.length <= 33 && (bytes[0] === 0x3b || bytes[0] === 0x3f);

/** The line to one emulated card. Answers come in the order of the questions, late ones too. */
class CardLine {
  readonly #socket: Socket;
  readonly #reader = new FrameReader(2, LONGEST);
  readonly #owed: Owed[] = [];
  readonly #nonsense: () => void;
  #wasted = 0;
  #broken = false;

  constructor(socket: Socket, events: { nonsense(): void; closed(): void }) {
    this.#socket = socket;
    this.#nonsense = events.nonsense;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    // A card that hung up is gone at once, not when our own side has closed too.
    socket.on('end', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#reader.wipe();
      for (const owed of this.#owed.splice(0)) owed.gone();
      events.closed();
    });
  }

  get broken(): boolean {
    return this.#broken;
  }

  get owes(): number {
    return this.#owed.length;
  }

  control(byte: number): void {
    this.#write(Uint8Array.of(byte));
  }

  /** Undefined: the line was cut first. */
  ask(body: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#broken || this.#socket.destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#owed.push({
        answer: (answer) => {
          const kept = secretBytes(answer.length);
          kept.set(answer);
          resolve(kept);
        },
        gone: () => resolve(undefined),
      });
      this.#write(body);
    });
  }

  cut(): void {
    this.#socket.destroy();
  }

  #write(body: Uint8Array): void {
    if (this.#socket.destroyed) return;
    const frame = encodeFrame(2, body);
    this.#socket.write(frame, () => wipe(frame));
  }

  #take(bytes: Buffer): void {
    try {
      if (this.#broken) this.#waste(bytes.length);
      else if (this.#reader.push(bytes, (body) => this.#answered(body)) !== undefined) this.#break();
    } finally {
      wipe(bytes);
    }
  }

  #answered(body: Uint8Array): void {
    const owed = this.#owed.shift();
    if (owed) owed.answer(body);
    else this.#break();
  }

  /** Nothing this line says can be believed any more; it stays until the card is taken. */
  #break(): void {
    if (this.#broken) return;
    this.#broken = true;
    for (const owed of this.#owed.splice(0)) owed.gone();
    this.#nonsense();
  }

  #waste(bytes: number): void {
    this.#wasted += bytes;
    if (this.#wasted > NONSENSE_LIMIT_BYTES) this.#socket.destroy();
  }
}

/** One slot of Jolly's own reader: listens on a loopback port as vpcd does; who connects is a card. */
export class VirtualSlot {
  readonly name: string;
  readonly #host: string;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #events: VirtualSlotEvents;
  #server: Server | undefined;
  #line: CardLine | undefined;
  #stopRetry: (() => void) | undefined;
  #closed = false;
  readonly counters = { connections: 0, refused: 0, nonsense: 0 };

  constructor(host: string, port: number, clock: Clock, events: VirtualSlotEvents) {
    this.name = `${host}:${port}`;
    this.#host = host;
    this.#port = port;
    this.#clock = clock;
    this.#events = events;
  }

  listen(): void {
    const server = createServer((socket) => this.#laid(socket));
    this.#server = server;
    server.on('error', (error: NodeJS.ErrnoException) => {
      this.#events.trouble(error.code === 'EADDRINUSE' ? 'port-in-use' : 'cannot-listen');
      if (this.#closed) return;
      if (server.listening) server.close();
      this.#stopRetry?.();
      this.#stopRetry = this.#clock.after(LISTEN_AGAIN_MS, () => this.listen());
    });
    server.listen({ host: this.#host, port: this.#port }, () => this.#events.trouble(undefined));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopRetry?.();
    this.#line?.cut();
    const server = this.#server;
    if (!server?.listening) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Powers the card up and takes it. */
  async take(): Promise<HeldCard> {
    const line = this.#line;
    if (!line) throw cardError('CARD_REMOVED');
    const removedOr = () =>
      this.#line === line ? cardError('CARD_MUTE', { why: 'nonsense' }) : cardError('CARD_REMOVED');
    if (line.broken || line.owes >= OWED_LIMIT) throw cardError('CARD_MUTE', { why: 'nonsense' });
    const atr = await this.#powerUp(line);
    if (atr === 'silent') throw cardError('CARD_MUTE', { why: 'no-atr' });
    if (atr === undefined) throw removedOr();
    const protocols = readAtr(atr)?.protocols;
    return {
      // As pcscd chooses for ANY: T=1 where the card offers it.
      protocol: protocols && !protocols.has(1) ? 'T=0' : 'T=1',
      transmit: async (apdu) => {
        const answer = await line.ask(apdu);
        if (answer === undefined) throw removedOr();
        return answer;
      },
      release: async () => line.control(CONTROL.reset),
      // What it still owes is taken, and thrown away, when it comes.
      abandon: () => line.control(CONTROL.reset),
    };
  }

  #laid(socket: Socket): void {
    if (this.#line || this.#closed) {
      this.counters.refused += 1;
      socket.destroy();
      return;
    }
    this.counters.connections += 1;
    const line = new CardLine(socket, {
      nonsense: () => {
        this.counters.nonsense += 1;
        this.#events.seen('mute', undefined);
      },
      closed: () => {
        if (this.#line !== line) return;
        this.#line = undefined;
        this.#events.seen('empty', undefined);
      },
    });
    this.#line = line;
    void this.#powerUp(line).then((atr) => {
      if (this.#line !== line || line.broken || atr === undefined) return;
      if (atr === 'silent') this.#events.seen('mute', undefined);
      else this.#events.seen('card', atr);
    });
  }

  async #powerUp(line: CardLine): Promise<Uint8Array | 'silent' | undefined> {
    line.control(CONTROL.powerOn);
    let stopTimer = (): void => undefined;
    const late = new Promise<'silent'>((resolve) => {
      stopTimer = this.#clock.after(ATR_LIMIT_MS, () => resolve('silent'));
    });
    const atr = await Promise.race([line.ask(Uint8Array.of(CONTROL.giveAtr)), late]);
    stopTimer();
    return atr === undefined || atr === 'silent' || atrLooksRight(atr) ? atr : 'silent';
  }
}
