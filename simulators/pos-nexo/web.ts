import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Certificate } from './certificate.ts';
import type { SimulatedNexo } from './terminal.ts';
import type { Exchange } from './transaction.ts';

const MOST_BYTES = 64 * 1024;

async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function dribble(response: ServerResponse, payload: Buffer): Promise<void> {
  for (const byte of payload) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

/** Serves the terminal's one address. The answers go out with their length, so that half of one is seen to be half. */
export function listenerOf(terminal: SimulatedNexo): RequestListener {
  return (request, response) => {
    const exchange: Exchange = {
      answer: (text, status = 200) => {
        const payload = Buffer.from(text, 'utf8');
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': payload.length });
        if (terminal.split) void dribble(response, payload);
        else response.end(payload);
      },
      half: (text) => {
        const payload = Buffer.from(text, 'utf8');
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': payload.length });
        response.write(payload.subarray(0, payload.length >> 1), () => request.socket.destroy());
      },
      drop: () => void request.socket.destroy(),
    };
    textOf(request)
      .then((text) => (text === undefined ? exchange.answer('', 413) : terminal.receive(text, exchange)))
      // The kiosk hung up in the middle of its question: there is nothing to serve.
      .catch((error: unknown) => {
        if (!(error instanceof Error) || !('code' in error)) throw error;
      });
  };
}

/** The terminal's socket on the network, which can be unplugged. */
export class NexoPort {
  readonly address: string;
  readonly #server: Server;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #inserted = true;

  private constructor(server: Server, port: number, secure: boolean) {
    this.#server = server;
    this.#port = port;
    this.address = `${secure ? 'https' : 'http'}://127.0.0.1:${port}/nexo`;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Port 0 is chosen by the system. With a certificate the terminal speaks TLS. */
  static async open(terminal: SimulatedNexo, port = 0, certificate?: Certificate): Promise<NexoPort> {
    const listener = listenerOf(terminal);
    const server = certificate
      ? createSecureServer({ key: certificate.key, cert: certificate.pem }, listener)
      : createServer(listener);
    await listen(server, port);
    const bound = server.address();
    return new NexoPort(
      server,
      typeof bound === 'object' && bound ? bound.port : port,
      certificate !== undefined,
    );
  }

  /** `false` pulls the cable: open connections are reset, new ones refused. */
  async plug(inserted: boolean): Promise<void> {
    if (inserted === this.#inserted) return;
    this.#inserted = inserted;
    if (inserted) await listen(this.#server, this.#port);
    else await this.#shut();
  }

  async close(): Promise<void> {
    if (this.#inserted) await this.#shut();
  }

  #shut(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.resetAndDestroy();
    });
  }
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
