import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as listenTcp, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reported } from '@jolly/contracts/fleet-link';
import type { TerminalSettings } from '@jolly/contracts/twin';
import { systemClock } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FleetEnd, testConfig } from './stand-ins/index.ts';
import { startTerminal, type Terminal } from './terminal.ts';

/** A whole terminal without devices, and a server of a few lines at the other end of both links. */
const address = { tenantId: 'prato', terminalId: 'PO-001' };
/** Everything waits a quarter of its time. */
const clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * 4,
  after: (ms: number, task: () => void) => systemClock.after(ms / 4, task),
};
let folder: string;
let http: Server;
let device: TcpServer;
let end: FleetEnd;
let terminal: Terminal;
let restarts = 0;
let version = 0;

const config = () =>
  testConfig({
    dataDir: join(folder, 'data'),
    screenDir: join(folder, 'screen'),
    serverUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    devices: {
      pos: 'ecr17+tcp://127.0.0.1:1',
      printer: 'escpos+tcp://127.0.0.1:1',
      barcode: 'serial-barcode+tcp://127.0.0.1:1',
    },
    speech: { engine: 'none', command: '', level: 0.5 },
  });
const start = async () => {
  terminal = await startTerminal(config(), {
    clock,
    software: '0.1.0',
    log: () => undefined,
    restart: () => {
      restarts++;
    },
  });
};
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
const reported = () => end.reported as Reported | undefined;
const offer = (settings: TerminalSettings) => end.send('desired', { version: ++version, settings });
const events = () =>
  [...end.entries.values()].flatMap(({ entry: { data } }) => (data.kind === 'event' ? [data] : []));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-fleet-'));
  mkdirSync(join(folder, 'screen'));
  writeFileSync(join(folder, 'screen', 'index.html'), '<!doctype html>');
  end = new FleetEnd(address);
  await end.start();
  http = createServer((request, response) => {
    const answers: Record<string, unknown> = {
      '/api/v1/time': { now: Date.now() },
      '/api/v1/link': end.access,
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  device = listenTcp((socket) => socket.on('error', () => socket.destroy()));
  for (const server of [http, device])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  await start();
  await eventually(() => expect(reported()).toBeDefined());
});

afterAll(async () => {
  await terminal.close();
  await end.stop();
  http.closeAllConnections();
  http.close();
  device.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a terminal on the fleet link', () => {
  it('tells how it is, and what happened', async () => {
    expect(reported()).toMatchObject({ mode: 'in-service', inSession: false, settings: { version: 0 } });
    expect(reported()?.devices.map(({ role }) => role)).toEqual(['pos', 'printer', 'barcode']);
    expect(reported()?.host.memoryTotalMb).toBeGreaterThan(0);
    await eventually(() => expect(events().map(({ event }) => event)).toContain('started'));
    await eventually(() => expect(reported()?.limitations).toContain('pos-unavailable'));
  });

  it('takes settings while nobody is there, and its screen shows them', async () => {
    offer({
      attract: { title: { it: 'Mercato in piazza' } },
      services: { spontaneous: false, assistance: false },
      languages: ['it', 'en'],
      helpPhone: '0574 1',
    });
    await eventually(() => expect(reported()?.settings).toEqual({ version }));
    expect(terminal.screen.snapshot().place).toMatchObject({
      news: { title: { it: 'Mercato in piazza' } },
      services: { payments: true, spontaneous: false, assistance: false },
      languages: ['it', 'en'],
      helpPhone: '0574 1',
    });
    await eventually(() =>
      expect(events()).toContainEqual({ kind: 'event', event: 'settings-applied', detail: { version } }),
    );
  });

  it('waits with them for who is there', async () => {
    terminal.screen.intent({ type: 'help' });
    offer({ helpPhone: '0574 2' });
    await eventually(() => expect(reported()?.inSession).toBe(true));
    expect(terminal.screen.snapshot().place.helpPhone).toBe('0574 1');
    terminal.screen.intent({ type: 'start-over' });
    await eventually(() => expect(reported()?.settings).toEqual({ version }));
    expect(terminal.screen.snapshot().place.helpPhone).toBe('0574 2');
  });

  it('refuses what is wrong with all reasons, and the old holds', async () => {
    const before = version;
    offer({ devices: { printer: 'telepathy+tcp://10.0.0.1:1', pos: '' }, helpPhone: '0574 3' });
    await eventually(() => expect(reported()?.settings.refused?.version).toBe(version));
    expect(reported()?.settings.version).toBe(before);
    expect(reported()?.settings.refused?.faults.map(({ path }) => path)).toEqual([
      'devices.pos',
      'devices.printer',
    ]);
    expect(terminal.screen.snapshot().place.helpPhone).toBe('0574 2');
  });

  it('says when it opens, outside its hours', async () => {
    const never = { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null } as const;
    const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
    const inTwoDays = days[(new Date().getDay() + 3) % 7] ?? 'mon';
    offer({ openingHours: { ...never, [inTwoDays]: ['08:30', '12:00'] } });
    await eventually(() => expect(reported()?.mode).toBe('closed'));
    expect(terminal.screen.snapshot().screen).toMatchObject({
      name: 'out-of-service',
      why: 'closed',
      opens: { day: inTwoDays, hour: '08:30' },
    });
    offer({});
    await eventually(() => expect(reported()?.mode).toBe('in-service'));
    expect(terminal.screen.snapshot().screen).toEqual({ name: 'home' });
  });

  it('asks to be started again for another device, and comes up with it', async () => {
    const printer = `escpos+tcp://127.0.0.1:${(device.address() as AddressInfo).port}`;
    // on the wire of one that is there: nothing is tried beside it
    offer({ devices: { printer: 'escpos+tcp://127.0.0.1:1?poll=9' } });
    await eventually(() => expect(restarts).toBe(1));
    await terminal.close();
    await start();
    await eventually(() => expect(reported()?.settings).toEqual({ version }));
    expect(reported()?.devices.find(({ role }) => role === 'printer')?.uri).toContain('poll=9');
    // one that is silent is refused, and nothing restarts
    offer({ devices: { printer } });
    await eventually(() => expect(reported()?.settings.refused?.version).toBe(version));
    expect(restarts).toBe(1);
  });
});
