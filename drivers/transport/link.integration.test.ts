import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { type LinkAddress, transportFor } from './factory.ts';
import type { LinkOptions } from './link.ts';
import type { Transport } from './port.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function until(what: () => boolean, ms = 8_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function link(address: Partial<LinkAddress> & Pick<LinkAddress, 'transport'>, options: LinkOptions = {}) {
  const states: string[] = [];
  const heard: number[] = [];
  const transport: Transport = transportFor(
    { text: 'test', host: '127.0.0.1', port: 0, path: '', settings: new URLSearchParams(), ...address },
    { clock: systemClock, log: () => undefined },
    options,
  );
  cleanups.push(() => transport.close());
  transport.start({
    data: (bytes) => heard.push(...bytes),
    state: (state, reason) => states.push(reason ? `${state}:${reason}` : state),
  });
  return { transport, states, heard };
}

async function tcpServer(port = 0): Promise<{ server: Server; port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  cleanups.push(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  return { server, sockets, port: typeof address === 'object' && address ? address.port : 0 };
}

describe('a TCP link', () => {
  it('notices a reset by itself, reports refusal, and comes back', async () => {
    const { server, port, sockets } = await tcpServer();
    const { transport, states, heard } = link({ transport: 'tcp', port });
    await until(() => transport.state === 'open');
    await transport.write(Uint8Array.of(1, 2, 3));
    await until(() => heard.length === 3);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    sockets[0]?.resetAndDestroy();
    await closed;
    await until(() => states.includes('waiting:reset') && states.includes('waiting:refused'));
    await expect(transport.write(Uint8Array.of(9))).rejects.toMatchObject({ code: 'LINK_DOWN' });
    await tcpServer(port);
    await until(() => transport.state === 'open');
    expect(transport.counters).toMatchObject({ opened: 2, lost: 1, bytesIn: 3, bytesOut: 3 });
  });

  it('rests when an on-demand peer hangs up, and opens again when asked', async () => {
    const { port, sockets } = await tcpServer();
    const { transport, states } = link({ transport: 'tcp', port }, { onDemand: true });
    await until(() => transport.state === 'open');
    await until(() => sockets.length === 1);
    sockets[0]?.end();
    await until(() => states.at(-1) === 'waiting:idle');
    transport.reopen('transaction');
    await until(() => transport.state === 'open');
  });

  it('drops the present connection when reopened', async () => {
    const { port, sockets } = await tcpServer();
    const { transport } = link({ transport: 'tcp', port });
    await until(() => sockets.length === 1 && transport.state === 'open');
    transport.reopen('resynchronise');
    await until(() => sockets.length === 2 && transport.state === 'open');
    await until(() => sockets[0]?.destroyed === true);
  });
});

const socat = ['/usr/bin/socat', '/bin/socat', '/usr/local/bin/socat'].find((path) => existsSync(path));
if (!socat && process.env.JOLLY_REQUIRE_TOOLS === '1')
  throw new Error('socat is absent, and JOLLY_REQUIRE_TOOLS=1');
if (!socat) console.warn('SKIPPED serial links over pseudo-terminals: socat is absent (apt install socat)');

describe.skipIf(!socat)('a serial link over a pseudo-terminal', () => {
  const cable = async (folder: string): Promise<ChildProcess> => {
    const child = spawn(socat ?? '', [
      `pty,raw,echo=0,link=${folder}/kiosk`,
      `pty,raw,echo=0,link=${folder}/device`,
    ]);
    cleanups.push(() => void child.kill('SIGKILL'));
    await until(() => existsSync(`${folder}/kiosk`) && existsSync(`${folder}/device`));
    return child;
  };
  const device = (path: string): Promise<SerialPort> =>
    new Promise((resolve, reject) => {
      const port = new SerialPort({ path, baudRate: 9600 }, (error) =>
        error ? reject(error) : resolve(port),
      );
      port.on('error', () => undefined);
      cleanups.push(() => new Promise<void>((done) => (port.isOpen ? port.close(() => done()) : done())));
    });
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'jolly-serial-'));
    cleanups.push(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };

  it('carries bytes, notices the cable pulled, and comes back when it is plugged in', async () => {
    const at = folder();
    const first = await cable(at);
    const { transport, states, heard } = link({ transport: 'serial', path: `${at}/kiosk` });
    await until(() => transport.state === 'open');
    const far = await device(`${at}/device`);
    const arrived: number[] = [];
    far.on('data', (bytes: Buffer) => arrived.push(...bytes));
    await transport.write(Uint8Array.of(2, 0, 255, 3));
    far.write(Buffer.from([6, 3, 0x79]));
    await until(() => arrived.length === 4 && heard.length === 3);
    expect(heard).toEqual([6, 3, 0x79]);

    first.kill('SIGKILL');
    await until(() => states.includes('waiting:unplugged'));
    await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'LINK_DOWN' });
    rmSync(`${at}/kiosk`, { force: true });
    rmSync(`${at}/device`, { force: true });
    await until(() => states.includes('waiting:absent'));
    await cable(at);
    await until(() => transport.state === 'open');
    expect(transport.counters).toMatchObject({ opened: 2, lost: 1 });
  });

  it('notices a device file that became another device', async () => {
    const at = folder();
    await cable(at);
    const { transport, states } = link({ transport: 'serial', path: `${at}/kiosk` });
    await until(() => transport.state === 'open');
    const elsewhere = folder();
    await cable(elsewhere);
    rmSync(`${at}/kiosk`);
    const { symlinkSync, readlinkSync } = await import('node:fs');
    symlinkSync(readlinkSync(`${elsewhere}/kiosk`), `${at}/kiosk`);
    await until(() => states.includes('waiting:unplugged') && transport.state === 'open');
  });

  it('is closed when an opening is still under way', async () => {
    const at = folder();
    await cable(at);
    const { transport } = link({ transport: 'serial', path: `${at}/kiosk` });
    await transport.close();
    expect(transport.state).toBe('closed');
  });
});

describe('serial settings', () => {
  it('name the setting that cannot be used', () => {
    expect(() =>
      link({ transport: 'serial', path: '/dev/null', settings: new URLSearchParams('baud=fast') }),
    ).toThrow(
      expect.objectContaining({ code: 'LINK_SETTING_INVALID', detail: { setting: 'baud', value: 'fast' } }),
    );
  });
});
