import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The line between terminals and server: one address that stays, whatever becomes of the server behind it. Every connection reaches the
 * server from an address of its own, as terminals in their places do: doors that slow down who tries often look at it.
 */
export class Wire {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #behind: readonly number[] = [];
  #count = 0;
  #cut = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (near) => this.#join(near));
  }

  static async open(): Promise<Wire> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Wire(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where servers listen now, by turns; none: nobody is reached. */
  leadTo(...ports: readonly number[]): void {
    this.#behind = ports;
  }

  /** Destroys a share of the open connections in the middle of whatever they carry. */
  snap(chosen: () => boolean): number {
    const going = [...this.#pairs].filter(chosen);
    for (const pair of going) end(pair);
    return going.length;
  }

  /** Nothing gets through from now on, and nobody is told; or everything again. */
  cut(cut: boolean): void {
    this.#cut = cut;
    if (cut) this.snap(() => true);
  }

  async close(): Promise<void> {
    this.snap(() => true);
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    near.on('error', () => near.destroy());
    const port = this.#behind[this.#count % Math.max(1, this.#behind.length)];
    if (port === undefined || this.#cut) {
      near.resetAndDestroy();
      return;
    }
    this.#count += 1;
    const place = this.#count;
    const localAddress = `127.${1 + (place % 199)}.${Math.floor(place / 199) % 250}.${1 + (place % 250)}`;
    const far = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('error', () => end(pair));
      one.on('close', () => {
        this.#pairs.delete(pair);
        end(pair);
      });
      one.pipe(other);
    }
  }
}

function end([near, far]: readonly [Socket, Socket]): void {
  near.destroy();
  far.destroy();
}
