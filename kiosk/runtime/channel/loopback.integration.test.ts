import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DownFrame } from '@jolly/contracts/terminal-channel';
import { systemClock, systemRandom } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sessionBench } from '../stand-ins/index.ts';
import { LoopbackChannel, noSecrets } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'jolly-screen-'));
let channel: LoopbackChannel;
let bench: ReturnType<typeof sessionBench>;
let logs: string[];
let keys: number;
const open = new Set<WebSocket>();

beforeEach(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Jolly</title>');
  writeFileSync(join(folder, 'assets', 'app-1.js'), 'export {};');
  writeFileSync(join(folder, '.secret'), 'no');
  bench = sessionBench();
  logs = [];
  keys = 0;
  channel = new LoopbackChannel({
    port: 0,
    screenDir: folder,
    source: bench.session,
    secrets: {
      ...noSecrets,
      key: () => {
        keys += 1;
      },
    },
    clock: systemClock,
    random: systemRandom,
    controlToken: 'technician',
    control: { doctor: async () => ({ steps: [] }) },
    log: (event, detail) => logs.push(JSON.stringify({ event, ...detail })),
  });
  await channel.listen();
});

afterEach(async () => {
  for (const socket of open) socket.terminate();
  open.clear();
  await channel.close();
  bench.session.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers, redirect: 'manual' });

async function signIn(): Promise<string> {
  const answer = await get(channel.mint());
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** A raw request, for headers that fetch does not let one choose. */
const raw = (path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const port = new URL(channel.origin).port;
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

interface Screen {
  readonly socket: WebSocket;
  next(): Promise<DownFrame>;
  readonly closed: Promise<number>;
}

function connect(headers: Record<string, string>, path = '/channel'): Promise<Screen> {
  const socket = new WebSocket(channel.origin.replace('http', 'ws') + path, { headers });
  open.add(socket);
  const frames: DownFrame[] = [];
  const waiting: ((frame: DownFrame) => void)[] = [];
  socket.on('message', (data) => {
    const frame = DownFrame.parse(JSON.parse(data.toString()));
    const waiter = waiting.shift();
    if (waiter) waiter(frame);
    else frames.push(frame);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)));
    socket.on('open', () =>
      resolve({
        socket,
        closed,
        next: async () => frames.shift() ?? new Promise((given) => waiting.push(given)),
      }),
    );
  });
}

const join_ = async () => connect({ cookie: await signIn(), origin: channel.origin });

describe('the address of the screen', () => {
  it('opens once, and leaves a cookie that no script reads', async () => {
    const url = channel.mint();
    const first = await get(url);
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/');
    expect(first.headers.get('set-cookie')).toMatch(
      /^jolly-screen-\d+=\S+; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect((await get(url)).status).toBe(403);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await get(`${channel.origin}/`, { cookie });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Jolly');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await get(url, { cookie })).status).toBe(303);
  });

  it('keeps what else the address asks for', async () => {
    const answer = await get(`${channel.mint()}&shape=landscape`);
    expect(answer.headers.get('location')).toBe('/?shape=landscape');
  });

  it('shows nothing to who has no pass', async () => {
    for (const path of ['/', '/assets/app-1.js', '/?t=guess']) {
      expect((await get(channel.origin + path)).status).toBe(403);
    }
  });

  it('serves the app and nothing beside it', async () => {
    const cookie = await signIn();
    const asset = await get(`${channel.origin}/assets/app-1.js`, { cookie });
    expect(asset.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/.secret', '/..%2f..%2fetc%2fpasswd', '/%', '/assets', '/nothing.js']) {
      expect(await raw(path, { cookie })).toBe(404);
    }
  });

  it('answers to its own name only, against DNS rebinding', async () => {
    const cookie = await signIn();
    expect(await raw('/', { cookie, host: 'evil.example' })).toBe(421);
    expect(await raw('/', { cookie, host: '127.0.0.1' })).toBe(421);
  });
});

describe('the socket of the screen', () => {
  it('gives the snapshot at once, and each change whole', async () => {
    const screen = await join_();
    expect(await screen.next()).toMatchObject({ type: 'snapshot', snapshot: { screen: { name: 'home' } } });
    screen.socket.send('{"type":"intent","intent":{"type":"start-payment"}}');
    expect(await screen.next()).toMatchObject({ snapshot: { screen: { name: 'pay-scan' } } });
  });

  it('shows the same page after a reload', async () => {
    const cookie = await signIn();
    const before = await connect({ cookie, origin: channel.origin });
    await before.next();
    before.socket.send('{"type":"intent","intent":{"type":"start-payment"}}');
    const shown = await before.next();
    before.socket.close();
    await before.closed;
    expect((await get(`${channel.origin}/`, { cookie })).status).toBe(200);
    const after = await connect({ cookie, origin: channel.origin });
    const again = await after.next();
    if (shown.type !== 'snapshot' || again.type !== 'snapshot') throw new Error('no snapshot');
    expect({ ...again.snapshot, at: 0 }).toEqual({ ...shown.snapshot, at: 0 });
  });

  it('refuses another origin, another host, another path and a stranger', async () => {
    const cookie = await signIn();
    const { origin } = channel;
    await expect(connect({ cookie, origin: 'http://evil.example' })).rejects.toThrow('status 403');
    await expect(connect({ cookie })).rejects.toThrow('status 403');
    await expect(connect({ origin })).rejects.toThrow('status 403');
    await expect(connect({ cookie, origin: 'http://evil.example', host: 'evil.example' })).rejects.toThrow(
      'status 421',
    );
    await expect(connect({ cookie, origin }, '/elsewhere')).rejects.toThrow('status 404');
  });

  it('lists the faults of a bad frame and goes on', async () => {
    const screen = await join_();
    await screen.next();
    screen.socket.send('{"type":"intent","intent":{"type":"digit","digit":"x"}}');
    expect(await screen.next()).toMatchObject({ type: 'refused', faults: [{ path: 'intent.digit' }] });
    screen.socket.send('{"type":"intent","intent":{"type":"start-payment"}}');
    expect(await screen.next()).toMatchObject({ type: 'snapshot' });
  });

  it('cuts off a frame that is too long, and one of bytes', async () => {
    const long = await join_();
    long.socket.send(`{"type":"${'x'.repeat(20_000)}"}`);
    expect(await long.closed).toBe(1009);
    const binary = await join_();
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect(await binary.closed).toBe(1003);
  });

  it('keeps a secret out of snapshots and logs', async () => {
    const screen = await join_();
    await screen.next();
    screen.socket.send('{"type":"secret","field":"cie-pin","key":"8"}');
    screen.socket.send('{"type":"secret","field":"cie-pin","key":"80429"}');
    const answer = await screen.next();
    expect(keys).toBe(1);
    expect(JSON.stringify(answer) + logs.join() + JSON.stringify(bench.logs)).not.toContain('80429');
  });

  it('tells the screen when the terminal stops', async () => {
    const screen = await join_();
    await channel.close();
    expect([1001, 1006]).toContain(await screen.closed);
  });
});

describe('the technician beside the screen', () => {
  const authorization = 'Bearer technician';

  it('mints a new address with the token', async () => {
    const answer = await fetch(`${channel.origin}/mint`, { method: 'POST', headers: { authorization } });
    const { url } = (await answer.json()) as { url: string };
    expect((await get(url)).status).toBe(303);
  });

  it('asks the doctor; nobody else does', async () => {
    expect((await get(`${channel.origin}/doctor`, { authorization })).status).toBe(200);
    expect((await get(`${channel.origin}/doctor`)).status).toBe(401);
    expect((await get(`${channel.origin}/doctor`, { authorization: 'Bearer x' })).status).toBe(401);
    expect(await raw('/doctor', { authorization, origin: 'http://evil.example' })).toBe(401);
  });
});
