import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { LINK_PATH } from '@jolly/contracts/fleet-api';
import { MAX_PAYLOAD_BYTES } from '@jolly/contracts/fleet-link';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { LinkLimits } from './limits.ts';

/** Takes a new connection; `certificate` is what the other end proved to hold in TLS, in DER. */
export type Accept = (
  conn: Duplex,
  /** Undefined where it may be everybody's: a proxy's, or this machine's own. */
  from: string | undefined,
  certificate?: () => Uint8Array | undefined,
  request?: IncomingMessage,
) => void;

/** Whose call an upgrade is. */
export type CallerOf = (request: IncomingMessage) => string | undefined;

export interface ListenOptions {
  /** TLS of our own, with client certificates asked for. */
  readonly tls?:
    | {
        readonly host: string;
        readonly port: number;
        readonly keyFile: string;
        readonly certFile: string;
      }
    | undefined;
  /** No TLS: behind something on the same machine that ends it. */
  readonly tcp?: { readonly host: string; readonly port: number } | undefined;
}

/** Whether somebody may begin a handshake; they `leave` when it is over, however it ends. */
export interface Threshold {
  enter(from: string): boolean;
  leave(): void;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

const HANDSHAKE_MS = 15_000;
const PROTOCOL = 'mqtt';
/** Topic, ids and head of a packet besides its payload. */
export const AROUND_A_PAYLOAD = 1024;

/** MQTT over WebSocket (3.1.1, 6) on an HTTP server that is not ours to open or close. */
export function listenWebSocket(server: HttpServer, accept: Accept, callerOf: CallerOf): Listening {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // a frame is gathered whole before anybody looks at it: one packet of the largest fits, and no more
    maxPayload: MAX_PAYLOAD_BYTES + AROUND_A_PAYLOAD,
    handleProtocols: () => PROTOCOL,
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?')[0];
    if (path !== LINK_PATH) {
      if (server.listenerCount('upgrade') === 1)
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
      return;
    }
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (!offered.includes(PROTOCOL)) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (socket) => {
      accept(createWebSocketStream(socket), callerOf(request), undefined, request);
    });
  };
  server.on('upgrade', upgrade);
  return {
    port: 0,
    close: async () => {
      server.off('upgrade', upgrade);
      sockets.close();
    },
  };
}

/**
 * TLS 1.2 at least. Every certificate that proves its key is let through to the gate, which asks the CA of the terminal's own
 * tenant. No session tickets: a resumed session saves a millisecond and would carry an old certificate past its revocation.
 */
export function listenTls(
  options: NonNullable<ListenOptions['tls']>,
  limits: LinkLimits,
  accept: Accept,
  threshold: Threshold,
): Promise<Listening> {
  const tls = createTlsServer({
    key: readFileSync(options.keyFile),
    cert: readFileSync(options.certFile),
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    handshakeTimeout: HANDSHAKE_MS,
  });
  /** Those that are under way, by the other end's address. */
  const handshakes = new Set<string>();
  const nameOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  const over = (name: string) => {
    if (handshakes.delete(name)) threshold.leave();
  };
  tls.on('secureConnection', (socket) => {
    over(nameOf(socket));
    accept(socket, socket.remoteAddress ?? 'unknown', () => socket.getPeerX509Certificate()?.raw);
  });
  // a handshake that fails is the other end's affair; its socket is gone already
  tls.on('tlsClientError', (_error, socket) => socket.destroy());
  // the handshake is what costs most of a connection: one that there is no room for is not begun
  const server = createServer({ noDelay: true }, (socket) => {
    const name = nameOf(socket);
    if (!threshold.enter(socket.remoteAddress ?? 'unknown')) {
      socket.destroy();
      return;
    }
    handshakes.add(name);
    socket.once('close', () => over(name));
    tls.emit('connection', socket);
  });
  return listening(server, options, limits);
}

export function listenTcp(
  options: NonNullable<ListenOptions['tcp']>,
  limits: LinkLimits,
  accept: Accept,
): Promise<Listening> {
  const server = createServer({ noDelay: true }, (socket) =>
    accept(socket, socket.remoteAddress ?? 'unknown'),
  );
  return listening(server, options, limits);
}

async function listening(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  limits: LinkLimits,
): Promise<Listening> {
  const open = new Set<Socket>();
  server.maxConnections = limits.connections + limits.strangers;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
