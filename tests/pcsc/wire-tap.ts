import { connect, createServer, type Server, type Socket } from 'node:net';

/** INS of the commands that carry or change a PIN: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER. */
const SECRET_INS: ReadonlySet<number> = new Set([0x20, 0x24, 0x2c]);

/**
 * Between simulated card and virtual reader: a card that connects here is laid on the reader behind. Counts the commands that
 * really reached the card, whatever anybody says of them, and lets a test act at one of them.
 */
export class WireTap {
  readonly address: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #ins: number[] = [];
  #sinceLaid = 0;
  #at:
    | { readonly apdu: number; readonly act: () => void | Promise<void>; readonly lost: boolean }
    | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.address = `127.0.0.1:${port}`;
  }

  static async open(readerPort: number): Promise<WireTap> {
    const server = createServer((card) => tap.#laid(card, readerPort));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address !== 'object') throw new Error('the wire has no address');
    const tap = new WireTap(server, address.port);
    return tap;
  }

  /** INS of every command since the last `forget`, on whatever card. */
  get ins(): readonly number[] {
    return this.#ins;
  }

  get secrets(): readonly number[] {
    return this.#ins.filter((ins) => SECRET_INS.has(ins));
  }

  /** Commands since the card was laid. */
  get sinceLaid(): number {
    return this.#sinceLaid;
  }

  forget(): void {
    this.#ins = [];
    this.#at = undefined;
  }

  /** Does this when that command (counted from 1 since the card was laid) is on its way; the card never gets it. */
  insteadOf(apdu: number, act: () => void): void {
    this.#at = { apdu, act, lost: true };
  }

  /** Keeps that command on its way as long as this takes; then the card gets it. */
  during(apdu: number, act: () => Promise<void>): void {
    this.#at = { apdu, act, lost: false };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #laid(card: Socket, readerPort: number): void {
    const reader = connect({ host: '127.0.0.1', port: readerPort, noDelay: true });
    card.setNoDelay(true);
    this.#sinceLaid = 0;
    for (const [one, other] of [
      [card, reader],
      [reader, card],
    ] as const) {
      this.#sockets.add(one);
      // no reader listens, or one side is gone: the close that follows says it to the other
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    card.on('data', (bytes) => reader.write(bytes));
    let buffer = Buffer.alloc(0);
    reader.on('data', (bytes: Buffer) => {
      buffer = Buffer.concat([buffer, bytes]);
      while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
        const end = 2 + buffer.readUInt16BE(0);
        this.#pass(Buffer.from(buffer.subarray(0, end)), (frame) => card.write(frame));
        buffer = buffer.subarray(end);
      }
    });
  }

  #pass(frame: Buffer, on: (frame: Buffer) => void): void {
    // a body of one byte is control
    if (frame.length === 3) {
      on(frame);
      return;
    }
    this.#sinceLaid += 1;
    const due = this.#at?.apdu === this.#sinceLaid ? this.#at : undefined;
    if (due) this.#at = undefined;
    if (due?.lost) {
      due.act();
      return;
    }
    this.#ins.push(frame[3] ?? 0);
    const work = due?.act();
    if (work) void work.then(() => on(frame));
    else on(frame);
  }
}
