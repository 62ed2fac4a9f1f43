import { connect } from 'node:net';
import type { Clock } from '@jolly/contracts/values';
import type { Connector } from './link.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** The system then probes once a second, ten times (libuv): a cable pulled in silence is noticed within 15 s. */
const KEEP_ALIVE_AFTER_MS = 5_000;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'unplugged',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
};

/**
 * Connects as a client. Reasons: `refused`, `reset`, `end` (the other side hung up), `timeout` (no answer to the
 * connection in 5 s), `unplugged` (keep-alive unanswered), `unreachable`, `unknown-host`, `failed`.
 */
export function tcpConnector(address: { host: string; port: number }, clock: Clock): Connector {
  return (events) => {
    const socket = connect({ host: address.host, port: address.port });
    let over = false;
    const finish = (reason: string) => {
      if (over) return;
      over = true;
      cancelTimeout();
      socket.destroy();
      events.lost(reason);
    };
    const cancelTimeout = clock.after(CONNECT_TIMEOUT_MS, () => finish('timeout'));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
    socket.on('connect', () => {
      cancelTimeout();
      if (!over) events.opened();
    });
    socket.on('data', (bytes: Buffer) => {
      if (!over) events.data(bytes);
    });
    // A half-open terminal is no use: its `end` is taken at once, not when our own side has closed too.
    socket.on('end', () => finish('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => finish(reasons[error.code ?? ''] ?? 'failed'));
    socket.on('close', () => finish('end'));
    return {
      write: (bytes) =>
        new Promise((resolve, reject) => {
          socket.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
      drop: () => {
        over = true;
        cancelTimeout();
        if (socket.closed) return Promise.resolve();
        return new Promise((resolve) => {
          socket.once('close', () => resolve());
          socket.destroy();
        });
      },
    };
  };
}
