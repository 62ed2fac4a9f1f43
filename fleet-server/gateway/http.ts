import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Clock, systemClock } from '@jolly/contracts/values';
import { type GatewayErrorCode, gatewayError } from './errors.ts';

export interface HttpRequest {
  /** POST unless said otherwise. */
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty with GET. */
  readonly body: string;
  /** Limit for name, TCP and TLS together. */
  readonly connectMs: number;
  /** Limit from the first byte sent to the last byte received. */
  readonly answerMs: number;
  /** An answer with more bytes is cut off and refused. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of a repeated one the first. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** One call. Rejects with a `GatewayError` only. */
export type HttpPost = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * One call over `node:http(s)`. Each call has a connection of its own: on a kept-alive one a stale socket looks the same as
 * an answer lost after processing, and for money that difference must stay visible. A kiosk pays a few times an hour.
 */
export function nodeHttpPost(clock: Clock = systemClock): HttpPost {
  return (wanted) =>
    new Promise((resolve, reject) => {
      const url = new URL(wanted.url);
      const secure = url.protocol === 'https:';
      const bytes = Buffer.from(wanted.body, 'utf8');
      let connected = false;
      let settled = false;
      let stopTimer: () => void = () => undefined;

      const settle = (act: () => void) => {
        if (settled) return;
        settled = true;
        stopTimer();
        act();
      };
      const fail = (code: GatewayErrorCode, detail: Record<string, string | number> = {}, cause?: unknown) =>
        settle(() => {
          reject(gatewayError(code, detail, { cause }));
          request.destroy();
        });
      const arm = (ms: number, code: GatewayErrorCode) => {
        stopTimer();
        stopTimer = clock.after(ms, () => fail(code, { ms }));
      };

      const request = (secure ? httpsRequest : httpRequest)(url, {
        method: wanted.method ?? 'POST',
        agent: false,
        headers: {
          ...wanted.headers,
          ...(wanted.method === 'GET' ? {} : { 'content-length': bytes.length }),
          connection: 'close',
        },
      });
      arm(wanted.connectMs, 'NODE_CONNECT_TIMEOUT');
      request.on('socket', (socket) => {
        socket.setNoDelay(true);
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          connected = true;
          if (!settled) arm(wanted.answerMs, 'NODE_ANSWER_TIMEOUT');
        });
      });
      request.on('error', (error: NodeJS.ErrnoException) =>
        fail(
          connected ? 'NODE_CONNECTION_LOST' : 'NODE_CONNECT_FAILED',
          { system: error.code ?? 'unknown' },
          error,
        ),
      );
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > wanted.maxBytes) fail('SOAP_TOO_LARGE', { limit: wanted.maxBytes });
          else chunks.push(chunk);
        });
        response.on('error', (error) => fail('NODE_CONNECTION_LOST', {}, error));
        response.on('aborted', () => fail('NODE_CONNECTION_LOST'));
        response.on('end', () =>
          settle(() =>
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(response.headers).map(([name, value]) => [name, [value].flat()[0] ?? '']),
              ),
              body: Buffer.concat(chunks),
            }),
          ),
        );
      });
      request.end(bytes);
    });
}
