import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_UP_FRAME_BYTES } from '@jolly/contracts/terminal-channel';
import type { Clock, RandomBytes } from '@jolly/contracts/values';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { converse, newTally } from './conversation.ts';
import { cookieOf, securityHeaders } from './headers.ts';
import {
  type ChannelCounters,
  noAids,
  type ScreenAids,
  type ScreenSource,
  type SecretCollector,
} from './port.ts';
import { staticFile } from './static-files.ts';
import { type KeptPasses, sameSecret, Tickets } from './tickets.ts';

/** Where the screen's WebSocket is. */
export const CHANNEL_PATH = '/channel';

const MAX_SCREENS = 8;

/** Technician's routes beside the screen: answer to the bearer of the token kept in the data folder. */
export type ControlRoutes = Readonly<Record<string, () => Promise<unknown>>>;

export interface LoopbackSettings {
  readonly port: number;
  /** Folder with the built citizen app. */
  readonly screenDir: string | undefined;
  readonly source: ScreenSource;
  readonly secrets: SecretCollector;
  /** Voice and keypad; absent: neither. */
  readonly aids?: ScreenAids;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Bearer token of the control routes. */
  readonly controlToken: string;
  /** `GET /doctor`, and `POST` for every other → what the handler gives. `POST /mint` is always there. */
  readonly control: ControlRoutes;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
  /** Absent: a pass dies with the runtime. */
  readonly passes?: KeptPasses;
}

/**
 * The screen's channel where there is no Electron: an HTTP server on the loopback address that serves the built app and
 * speaks with it over a WebSocket. A one-time ticket in the printed address becomes a cookie that no script can read;
 * every request must name this very host (DNS rebinding), and a WebSocket must come from this very origin.
 */
export class LoopbackChannel {
  readonly #settings: LoopbackSettings;
  readonly #tickets: Tickets;
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #upgrades: WebSocketServer;
  readonly #tally = newTally();
  #port = 0;

  constructor(settings: LoopbackSettings) {
    this.#settings = settings;
    this.#tickets = new Tickets(settings.clock, settings.random, settings.passes);
    this.#upgrades = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_UP_FRAME_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
    });
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        settings.log('channel-answer-failed', { why: error instanceof Error ? error.name : 'unknown' });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get counters(): ChannelCounters {
    return { screens: this.#sockets.size, ...this.#tally };
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#settings.port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address ? address.port : this.#settings.port;
  }

  /** An address that opens the screen once. */
  mint(): string {
    return `${this.origin}/?t=${this.#tickets.mint()}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.close(1001, 'the terminal is stopping');
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    // a screen that does not answer the close must not keep the terminal from stopping
    for (const socket of this.#sockets) socket.terminate();
    await closed;
  }

  get #hosts(): readonly string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }

  /** Cookies know no port: the name does, so that two terminals of one machine do not meet. */
  get #cookie(): string {
    return `jolly-screen-${this.#port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? '';
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    for (const [name, value] of Object.entries(securityHeaders(`http://${host}`, path))) {
      if (this.#hosts.includes(host) || name !== 'content-security-policy') response.setHeader(name, value);
    }
    if (!this.#hosts.includes(host)) return refuse(response, 421, 'This host is not served here.');
    const url = new URL(request.url ?? '/', `http://${host}`);
    if (url.pathname === '/mint' || Object.hasOwn(this.#settings.control, url.pathname.slice(1))) {
      return this.#control(request, response, url.pathname.slice(1));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 405, 'Only reading is possible here.');
    }
    const known = this.#tickets.holds(cookieOf(request.headers.cookie, this.#cookie));
    const ticket = url.searchParams.get('t');
    if (url.pathname === '/' && ticket !== null) {
      const pass = this.#tickets.exchange(ticket);
      if (pass === undefined && !known) return refuse(response, 403, 'This address was used before.');
      // the clean address: a reload works, and no ticket stays in the history
      url.searchParams.delete('t');
      response.writeHead(303, {
        location: `/${url.search}`,
        'cache-control': 'no-store',
        ...(pass === undefined
          ? {}
          : { 'set-cookie': `${this.#cookie}=${pass}; HttpOnly; SameSite=Strict; Path=/` }),
      });
      response.end();
      return;
    }
    if (!known) return refuse(response, 403, 'This screen belongs to the terminal.');
    const { screenDir } = this.#settings;
    const file = screenDir === undefined ? undefined : await staticFile(screenDir, decode(url.pathname));
    if (!file) return refuse(response, 404, 'Nothing is here.');
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': file.bytes.length,
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  }

  async #control(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    // a page has an origin, a technician's tool has none
    const fromPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
    if (fromPage || scheme !== 'Bearer' || !sameSecret(token ?? '', this.#settings.controlToken)) {
      return refuse(response, 401, 'Only the technician may ask this.');
    }
    const wanted = name === 'doctor' ? 'GET' : 'POST';
    if (request.method !== wanted) return refuse(response, 405, `Use ${wanted}.`);
    const result = name === 'mint' ? { url: this.mint() } : await this.#settings.control[name]?.();
    const body = JSON.stringify(result);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const host = request.headers.host ?? '';
    const path = (request.url ?? '').split('?')[0];
    const faults = [
      [path === CHANNEL_PATH, 404, 'path'],
      [this.#hosts.includes(host), 421, 'host'],
      [request.headers.origin === `http://${host}`, 403, 'origin'],
      [this.#tickets.holds(cookieOf(request.headers.cookie, this.#cookie)), 403, 'pass'],
      [this.#sockets.size < MAX_SCREENS, 503, 'screens'],
    ] as const;
    const fault = faults.find(([holds]) => !holds);
    if (fault) {
      this.#settings.log('screen-refused', { because: fault[2] });
      socket.end(`HTTP/1.1 ${fault[1]} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.#upgrades.handleUpgrade(request, socket, head, (opened) => this.#join(opened));
  }

  #join(socket: WebSocket): void {
    this.#sockets.add(socket);
    const { source, secrets, aids = noAids, log } = this.#settings;
    const talk = converse(
      {
        send: (text, sent) => socket.send(text, (error) => (error ? socket.terminate() : sent())),
      },
      source,
      secrets,
      this.#tally,
      aids,
    );
    socket.on('message', (data, binary) => {
      if (binary) socket.close(1003, 'text only');
      else {
        talk.receive(data.toString());
        // a frame may be a key of a PIN: it does not stay in the socket's memory
        wipeFrame(data);
      }
    });
    // `maxPayload` closes with 1009; its error says so and is no more than that
    socket.on('error', (error) => log('screen-fault', { why: error.message }));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      talk.end();
    });
  }
}

function wipeFrame(data: RawData): void {
  if (Array.isArray(data)) for (const part of data) part.fill(0);
  else if (data instanceof ArrayBuffer) new Uint8Array(data).fill(0);
  else data.fill(0);
}

/** A path as text; one that cannot be decoded is the path of nothing. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return '/\0';
    throw error;
  }
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${sentence}\n`);
}
