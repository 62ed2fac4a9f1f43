import { createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { SerialPort } from 'serialport';
import type { z } from 'zod';
import { controlServer, endOnSignal } from './control.ts';

/** One open connection of the wire, whatever it is made of. */
export interface Wire {
  write(bytes: Uint8Array): void;
  /** Ends the connection (TCP) or does nothing (a serial line has no end). */
  end(): void;
  /** Resets the connection: what the other side sees as a pulled cable. */
  reset(): void;
}

/** What a simulated device does with its wire. */
export interface WireHandler {
  connected(wire: Wire): void;
  data(wire: Wire, bytes: Uint8Array): void;
  disconnected(wire: Wire): void;
}

export interface SimulatedDevice<Action> extends WireHandler {
  /** Everything the panel shows, as JSON. */
  state(): unknown;
  /** Does what the panel or a test asks. */
  act(action: Action): void | Promise<void>;
  /** Further control routes (an image of the paper…). */
  routes?(app: FastifyInstance): void;
}

export interface Ready {
  readonly ready: true;
  readonly name: string;
  /** `tcp://127.0.0.1:PORT` or `serial:///dev/…`. */
  readonly wire: string;
  readonly control: string;
  readonly pid: number;
}

/** A wire that can be unplugged from outside. */
export interface WirePort {
  readonly address: string;
  /** `false` pulls the cable: open connections are reset, new ones refused. */
  plug(inserted: boolean): Promise<void>;
  close(): Promise<void>;
}

async function listenTcp(port: number, handler: WireHandler): Promise<WirePort> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const wire: Wire = {
      write: (bytes) => void (socket.destroyed || socket.write(bytes)),
      end: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
    };
    sockets.add(socket);
    socket.on('data', (bytes: Buffer) => handler.data(wire, bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      handler.disconnected(wire);
    });
    handler.connected(wire);
  });
  const open = (at: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : at);
      });
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.resetAndDestroy();
      server.close(() => resolve());
    });
  const bound = await open(port);
  let inserted = true;
  return {
    address: `tcp://127.0.0.1:${bound}`,
    plug: async (wanted) => {
      if (wanted === inserted) return;
      inserted = wanted;
      if (wanted) await open(bound);
      else await shut();
    },
    close: async () => {
      if (inserted) await shut();
    },
  };
}

async function openSerial(path: string, handler: WireHandler): Promise<WirePort> {
  let port: SerialPort | undefined;
  const wire: Wire = {
    write: (bytes) => void port?.write(Buffer.from(bytes)),
    end: () => undefined,
    reset: () => undefined,
  };
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const opened = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
      opened.open((error) => {
        if (error) return reject(error);
        port = opened;
        opened.on('data', (bytes: Buffer) => handler.data(wire, bytes));
        opened.on('close', () => handler.disconnected(wire));
        handler.connected(wire);
        resolve();
      });
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      const closing = port;
      port = undefined;
      if (!closing?.isOpen) return resolve();
      closing.close(() => resolve());
    });
  await open();
  return {
    address: `serial://${path}`,
    plug: async (wanted) => {
      if (wanted && !port) await open();
      if (!wanted) await shut();
    },
    close: shut,
  };
}

/** Opens the wire named `tcp:PORT` (0 = chosen by the system) or `serial:/dev/…`. */
export function openWire(spec: string, handler: WireHandler): Promise<WirePort> {
  return spec.startsWith('serial:')
    ? openSerial(spec.slice('serial:'.length), handler)
    : listenTcp(Number(spec.replace(/^tcp:/, '')), handler);
}

/**
 * Runs a simulated device as a process: `--wire tcp:0|serial:/dev/… --control PORT`, one JSON line (`Ready`) on standard
 * output when it listens. Control: `GET /state`, `POST /act` with one action, `POST /plug {inserted}`.
 */
export async function runSimulator<Schema extends z.ZodType>(
  name: string,
  actions: Schema,
  make: () => SimulatedDevice<z.output<Schema>>,
): Promise<void> {
  const { values } = parseArgs({
    options: { wire: { type: 'string', default: 'tcp:0' }, control: { type: 'string', default: '0' } },
    strict: false,
  });
  const device = make();
  const wire = await openWire(String(values.wire), device);
  let inserted = true;
  const app = controlServer(actions, {
    state: () => ({ name, wire: wire.address, plugged: inserted, device: device.state() }),
    act: async (action) => {
      await device.act(action);
      return device.state();
    },
    routes: (routed) => device.routes?.(routed),
  });
  app.post<{ Body: { inserted: boolean } }>('/plug', async (request) => {
    inserted = request.body.inserted === true;
    await wire.plug(inserted);
    return { plugged: inserted };
  });
  const control = await app.listen({ host: '127.0.0.1', port: Number(values.control) });
  const ready: Ready = { ready: true, name, wire: wire.address, control, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  endOnSignal(async () => {
    await app.close();
    await wire.close();
  });
}
