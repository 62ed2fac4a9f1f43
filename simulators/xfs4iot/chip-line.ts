import { createServer, type Server, type Socket } from 'node:net';

const POWER_ON = 1;
const RESET = 2;
const GIVE_ATR = 4;

/** The slot of the simulated chip reader: an emulated card connects here as it does to any virtual reader (2-byte length, payload). */
export class ChipLine {
  readonly #changed: (inserted: boolean) => void;
  readonly #server: Server;
  readonly #owed: ((answer: Uint8Array | undefined) => void)[] = [];
  #card: Socket | undefined;
  #buffer = Buffer.alloc(0);

  constructor(changed: (inserted: boolean) => void) {
    this.#changed = changed;
    this.#server = createServer({ noDelay: true }, (socket) => this.#laid(socket));
  }

  get inserted(): boolean {
    return this.#card !== undefined;
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  }

  async close(): Promise<void> {
    this.#card?.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Powers the chip and gives its answer to reset; undefined: no card. */
  power(how: 'cold' | 'warm'): Promise<Uint8Array | undefined> {
    this.#send(Uint8Array.of(how === 'cold' ? POWER_ON : RESET));
    return this.ask(Uint8Array.of(GIVE_ATR));
  }

  /** One command, one answer; undefined: the card was pulled. */
  ask(body: Uint8Array): Promise<Uint8Array | undefined> {
    if (!this.#card) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#owed.push(resolve);
      this.#send(body);
    });
  }

  #send(body: Uint8Array): void {
    this.#card?.write(Uint8Array.of(body.length >> 8, body.length & 0xff, ...body));
  }

  #laid(socket: Socket): void {
    if (this.#card) {
      socket.destroy();
      return;
    }
    this.#card = socket;
    this.#buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes]);
      while (this.#buffer.length >= 2 && this.#buffer.length >= 2 + this.#buffer.readUInt16BE(0)) {
        const end = 2 + this.#buffer.readUInt16BE(0);
        this.#owed.shift()?.(Uint8Array.from(this.#buffer.subarray(2, end)));
        this.#buffer = this.#buffer.subarray(end);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#card = undefined;
      for (const owed of this.#owed.splice(0)) owed(undefined);
      this.#changed(false);
    });
    this.#changed(true);
  }
}
