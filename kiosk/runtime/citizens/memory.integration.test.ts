import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DownFrame, type Snapshot } from '@jolly/contracts/terminal-channel';
import { uuidv7 } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FleetEnd } from '../stand-ins/index.ts';

/** Nothing of these is in any source: what is found in the terminal was typed or sent. */
const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + randomInt(26))).join('');
/** No digit twice in a row: quick ones would be taken for a double press. */
const PIN = Array.from({ length: 8 }).reduce<string>(
  (digits) => digits + ((Number(digits.at(-1) ?? 0) + 1 + randomInt(9)) % 10),
  '',
);
const CITIZEN = {
  givenName: letters(14),
  familyName: letters(14),
  fiscalCode: `${letters(6)}85T57G${String(randomInt(1000)).padStart(3, '0')}X`,
};
const TOKEN = letters(43);

let folder: string;
let server: Server;
const end = new FleetEnd({ tenantId: 'prato', terminalId: 'PO-001' });
let child: ChildProcessWithoutNullStreams;
let said: (line: Record<string, string>) => void = () => undefined;
let logs = '';
const bodies: string[] = [];
const calls: string[] = [];
let socket: WebSocket;
let snapshot: Snapshot;
let changed = (): void => undefined;

const next = (): Promise<Record<string, string>> =>
  new Promise((resolve) => {
    said = resolve;
  });

async function until(holds: (snapshot: Snapshot) => boolean): Promise<void> {
  while (!snapshot || !holds(snapshot)) {
    await new Promise<void>((resolve) => {
      changed = resolve;
    });
  }
}
const on = (name: Snapshot['screen']['name']) => until(({ screen }) => screen.name === name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-citizen-'));
  await end.start();
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    calls.push(`${request.method} ${request.url} ${request.headers['jolly-citizen'] === TOKEN}`);
    bodies.push(body);
    response.setHeader('content-type', 'application/json');
    const at = Date.now();
    const loginId = uuidv7(at);
    const answer = request.url?.endsWith('/proof')
      ? {
          result: 'verified',
          token: TOKEN,
          session: { citizen: CITIZEN, method: 'cie-card-local', level: 'pin', at, expiresAt: at + 900_000 },
        }
      : request.url?.endsWith('/logins')
        ? { loginId, nonce: 'N'.repeat(43), at, expiresAt: at + 120_000 }
        : request.url?.endsWith('/link')
          ? end.access
          : { now: at, accepted: true };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const config = join(folder, 'kiosk.json');
  writeFileSync(
    config,
    JSON.stringify({
      mode: 'demo',
      tenantId: 'prato',
      terminalId: 'PO-001',
      city: 'Comune di Prato',
      site: 'Piazza',
      creditorTaxCode: '84006890481',
      serverUrl: `http://127.0.0.1:${port}`,
      dataDir: join(folder, 'data'),
      devices: {
        pos: 'none+tcp://h:1',
        printer: 'none+tcp://h:1',
        barcode: 'none+tcp://h:1',
        card: 'fake+tcp://h:1',
      },
    }),
  );
  child = spawn(process.execPath, [join(import.meta.dirname, '../stand-ins/card-terminal.ts'), config]);
  child.stderr.on('data', (bytes) => {
    logs += bytes;
  });
  createInterface({ input: child.stdout }).on('line', (line) => said(JSON.parse(line)));
  const { url = '' } = await next();
  const { origin } = new URL(url);
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  socket = new WebSocket(`${origin.replace('http', 'ws')}/channel`, { headers: { cookie, origin } });
  socket.on('message', (data) => {
    const frame = DownFrame.parse(JSON.parse(data.toString()));
    if (frame.type === 'snapshot') snapshot = frame.snapshot;
    changed();
  });
  await on('home');
});

afterAll(async () => {
  socket?.terminate();
  child?.kill('SIGKILL');
  server?.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await end.stop();
  rmSync(folder, { recursive: true, force: true });
});

const intent = (value: object): void => socket.send(JSON.stringify({ type: 'intent', intent: value }));
const press = (key: string): void => socket.send(JSON.stringify({ type: 'secret', field: 'cie-pin', key }));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function heap(name: string): Promise<Buffer> {
  const file = join(folder, name);
  child.stdin.write(`heap ${file}\n`);
  await next();
  return readFileSync(file);
}

/** Every byte that the process can write to, searched piece by piece. */
function inMemory(words: readonly Buffer[]): boolean[] {
  const found = words.map(() => false);
  const memory = openSync(`/proc/${child.pid}/mem`, 'r');
  const piece = Buffer.alloc(1 << 20);
  for (const line of readFileSync(`/proc/${child.pid}/maps`, 'utf8').split('\n')) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (!range) continue;
    const end = Number.parseInt(range[2] ?? '', 16);
    for (let at = Number.parseInt(range[1] ?? '', 16); at < end; at += piece.length - 64) {
      const read = readable(memory, piece, Math.min(piece.length, end - at), at);
      for (const [index, word] of words.entries()) found[index] ||= piece.subarray(0, read).includes(word);
    }
  }
  return found;
}

/** Bytes read; 0 where the kernel has nothing to show. */
function readable(file: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(file, into, 0, length, at);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EIO') return 0;
    throw error;
  }
}

describe('a citizen who has left', () => {
  it('is nowhere in the terminal: not in its heap, its logs or its folder', async () => {
    child.stdin.write('lay\n');
    await on('login-secret');
    for (const [index, digit] of [...PIN].entries()) {
      press(digit);
      await until(({ screen }) => screen.name === 'login-secret' && screen.entered === index + 1);
    }
    press('enter');
    await on('signed-in');
    expect(snapshot.citizen?.familyName).toBe(CITIZEN.familyName);

    const names = Object.values(CITIZEN);
    const during = await heap('during.heapsnapshot');
    // the search can find: while they are signed in, name and code are there
    expect(names.map((name) => during.includes(name))).toEqual([true, true, true]);

    child.stdin.write('take\n');
    await until(({ screen }) => screen.name === 'signed-in' && !screen.takeCard);
    intent({ type: 'leave' });
    await on('goodbye');
    intent({ type: 'finish' });
    await on('home');
    while (!logs.includes('citizen-signed-out')) await pause(50);
    expect(calls).toContain('DELETE /api/v1/citizen true');

    // the call that says so holds the token until it has its answer
    await pause(300);
    const after = await heap('after.heapsnapshot');
    const words = [...names, PIN, TOKEN];
    expect(words.map((word) => after.includes(word))).toEqual(words.map(() => false));
    // the digits, as text of one or two bytes a letter
    const forms = [Buffer.from(PIN, 'latin1'), Buffer.from(PIN, 'utf16le')];
    expect(inMemory(forms)).toEqual([false, false]);
    expect(inMemory([Buffer.from('goodbyeSeconds')])).toEqual([true]);
    const linked = JSON.stringify(end.came);
    expect(linked).toContain('"devices"');
    const text = logs + linked + bodies.filter((body) => !body.includes('certificate')).join();
    for (const word of [...names, PIN, TOKEN]) expect(text).not.toContain(word);
    const files = ['usage.json', 'control.json'].map((name) => join(folder, 'data', name));
    for (const file of files)
      for (const word of [...names, PIN, TOKEN]) expect(readFileSync(file, 'utf8')).not.toContain(word);
  });

  it('and forgot the card is told of to the server, without a name', async () => {
    child.stdin.write('lay\n');
    await on('login-secret');
    intent({ type: 'leave' });
    await on('card-left');
    while (!JSON.stringify(end.reported)?.includes('"card-left"')) await pause(100);
    child.stdin.write('take\n');
    await on('home');
  });
});
