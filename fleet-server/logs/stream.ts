import { createSocket } from 'node:dgram';
import { createConnection, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { type Clock, systemClock } from '@jolly/contracts/values';
import { framed, syslogMessage } from './codec.ts';
import type { LogSettings } from './settings.ts';

/** Where the logger writes its lines. */
export interface LogStream {
  write(line: string): void;
  close(): void;
}

/** A collector that does not read must not cost memory: beyond this, lines are let go and counted. */
const MOST_WAITING = 1_000_000;
const AGAIN_MS = 2_000;

/** The destinations of the settings as one. */
export function openLogStream(settings: LogSettings, clock: Clock = systemClock): LogStream {
  const { stream, syslog } = settings;
  const process_ = stream === 'none' ? undefined : process[stream];
  const head = {
    facility: syslog?.facility ?? 16,
    app: syslog?.app ?? '',
    host: hostname(),
    pid: process.pid,
  };
  const far = syslog && (syslog.protocol === 'udp' ? overUdp(syslog) : overTcp(syslog, clock));
  return {
    write(line) {
      process_?.write(line);
      far?.send(syslogMessage(line, head));
    },
    close: () => far?.close(),
  };
}

interface Far {
  send(message: string): void;
  close(): void;
}

function overUdp({ host, port }: { readonly host: string; readonly port: number }): Far {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.unref();
  // nobody listens: that is how UDP is, and the log is not the place to say so
  socket.on('error', () => undefined);
  return {
    send: (message) => socket.send(message, port, host, () => undefined),
    close: () => socket.close(),
  };
}

function overTcp({ host, port }: { readonly host: string; readonly port: number }, clock: Clock): Far {
  let socket: Socket | undefined;
  let lost = 0;
  let closed = false;
  let cancel: (() => void) | undefined;
  const connect = () => {
    const made = createConnection({ host, port });
    made.unref();
    made.on('error', () => made.destroy());
    made.on('close', () => {
      if (socket === made) socket = undefined;
      if (!closed) cancel = clock.after(AGAIN_MS, connect);
    });
    made.resume();
    socket = made;
  };
  connect();
  return {
    send(message) {
      if (!socket || socket.writableLength > MOST_WAITING) {
        lost++;
        return;
      }
      if (lost > 0) {
        socket.write(
          framed(`<133>1 - - jolly-fleet ${process.pid} - - ${JSON.stringify({ lostLines: lost })}`),
        );
        lost = 0;
      }
      socket.write(framed(message));
    },
    close() {
      closed = true;
      cancel?.();
      socket?.end();
    },
  };
}
