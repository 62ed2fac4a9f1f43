import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { Clock } from '@jolly/contracts/values';
import type { NexoSettings } from './settings.ts';

/** Opens one connection; rejects when it cannot. Over TLS it resolves once the certificate has been checked. */
export type Dial = () => Promise<Duplex>;

/** Longest answer taken: a receipt and its data are a few kilobytes. */
const MOST_BYTES = 256 * 1024;
/** A pulled cable is noticed by the system's own probes; without them only by the long timeout. */
const KEEP_ALIVE_MS = 5_000;

export type Answer =
  | { readonly ok: true; readonly status: number; readonly text: string }
  | { readonly ok: false; readonly reason: string };

const codeOf = (error: unknown): string =>
  error instanceof Error
    ? 'code' in error && typeof error.code === 'string'
      ? error.code
      : error.message
    : 'unknown';

/** Dials the terminal itself. Reads the authority's file at once: one that is missing is found at start. */
export function dialTo(settings: NexoSettings): Dial {
  const { url, caFile, certificateName } = settings;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  return () =>
    new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const socket = secure
        ? connectTls({
            host,
            port,
            ...(ca === undefined ? {} : { ca }),
            ...(certificateName === undefined ? {} : { servername: certificateName }),
            checkServerIdentity: (called, certificate) =>
              checkServerIdentity(certificateName ?? called, certificate),
          })
        : connectTcp({ host, port });
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
      socket.once('error', reject);
    });
}

/** An open connection for one question: nothing has been written on it yet. */
export class OpenLine {
  readonly #socket: Duplex;
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #count: (what: 'bytesOut' | 'bytesIn', bytes: number) => void;

  constructor(
    socket: Duplex,
    url: URL,
    clock: Clock,
    count: (what: 'bytesOut' | 'bytesIn', bytes: number) => void,
  ) {
    this.#socket = socket;
    this.#url = url;
    this.#clock = clock;
    this.#count = count;
    // Between opening and asking the other side may hang up: the question then finds out.
    socket.on('error', () => socket.destroy());
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Writes the question, once, and waits for the whole answer. Never rejects. The connection serves nothing else. */
  ask(body: string, timeoutMs: number): Promise<Answer> {
    const payload = Buffer.from(body, 'utf8');
    this.#count('bytesOut', payload.length);
    return new Promise((resolve) => {
      let cancel = (): void => undefined;
      const end = (answer: Answer): void => {
        cancel();
        this.#socket.destroy();
        resolve(answer);
      };
      const lost = (reason: string) => end({ ok: false, reason });
      if (this.#socket.destroyed) return lost('link-down:end');
      const outgoing = httpRequest({
        path: this.#url.pathname,
        method: 'POST',
        createConnection: () => this.#socket,
        headers: {
          host: this.#url.host,
          'content-type': 'application/json; charset=utf-8',
          'content-length': payload.length,
          connection: 'close',
        },
      });
      cancel = this.#clock.after(timeoutMs, () => lost('silent'));
      outgoing.on('close', () => lost('link-down:end'));
      outgoing.on('error', (error) => lost(`link-down:${codeOf(error)}`));
      outgoing.on('response', (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on('data', (part: Buffer) => {
          parts.push(part);
          length += part.length;
          this.#count('bytesIn', part.length);
          if (length > MOST_BYTES) lost('answer-too-long');
        });
        response.on('error', (error) => lost(`link-down:${codeOf(error)}`));
        response.on('aborted', () => lost('link-down:reset'));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          end({ ok: true, status: response.statusCode ?? 0, text });
        });
      });
      outgoing.end(payload);
    });
  }
}

/** Opens a fresh connection a question: an idle one that the terminal has dropped is never mistaken for an open one. */
export class NexoLine {
  readonly #dial: Dial;
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #openMs: number;
  readonly #open = new Set<Duplex>();
  readonly counters = { opened: 0, failedOpens: 0, bytesIn: 0, bytesOut: 0 };

  constructor(dial: Dial, settings: Pick<NexoSettings, 'url' | 'openMs'>, clock: Clock) {
    this.#dial = dial;
    this.#url = settings.url;
    this.#openMs = settings.openMs;
    this.#clock = clock;
  }

  /** A connection, or why there is none. Not one byte of a question has left then. */
  async open(): Promise<OpenLine | string> {
    let late = false;
    const dialled = this.#dial();
    const timeout = new Promise<string>((resolve) => {
      const cancel = this.#clock.after(this.#openMs, () => {
        late = true;
        resolve('timeout');
      });
      dialled.then(cancel, cancel);
    });
    dialled.then(
      (socket) => late && socket.destroy(),
      () => undefined,
    );
    try {
      const socket = await Promise.race([dialled, timeout]);
      if (typeof socket === 'string') throw new Error(socket);
      this.counters.opened++;
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      return new OpenLine(socket, this.#url, this.#clock, (what, bytes) => {
        this.counters[what] += bytes;
      });
    } catch (error) {
      this.counters.failedOpens++;
      return `link-down:${codeOf(error)}`;
    }
  }

  /** Hangs up, whoever waits for an answer. */
  close(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
