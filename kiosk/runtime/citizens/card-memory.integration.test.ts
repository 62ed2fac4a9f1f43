import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DownFrame, type Snapshot } from '@jolly/contracts/terminal-channel';
import { uuidv7 } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CardsReady, CITIZENS } from '../../../simulators/card/index.ts';
import { digitsNeedle, heapSnapshot, searchMemory } from '../../../tests/e2e/stage/memory.ts';

/**
 * The whole terminal with its own card driver, on a card that answers as a real one does: every secret that a citizen can type
 * goes through pad, driver and secure messaging. Afterwards none of them is anywhere.
 */
const root = join(import.meta.dirname, '../../..');

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + randomInt(26))).join('');
/** Digits that nobody has written anywhere, of no simple order. */
const digits = (): string => {
  const drawn = Array.from({ length: 8 }, () => randomInt(10));
  const simple = drawn.some((digit, at) => at > 0 && digit === drawn[at - 1]) || new Set(drawn).size < 6;
  return simple ? digits() : drawn.join('');
};

const found = CITIZENS.find(({ id }) => id === 'giulia');
if (found?.card !== 'cie') throw new Error('no identity card to lay');
const card = found;
const typed = {
  'a wrong PIN': digits(),
  'the PIN': card.pin,
  'the new PIN': digits(),
  'a PIN never submitted': digits().slice(0, 7),
  'the six digits on the card': card.can,
  'the PUK': card.puk,
  'the newest PIN': digits(),
};
const needles = Object.entries(typed).map(([name, value]) => digitsNeedle(name, value));
/** As the server says it, and as the card's own certificate does. */
const CITIZEN = { givenName: letters(14), familyName: letters(14), fiscalCode: `${letters(6)}85T57G999X` };
const TOKEN = letters(43);
const people = [...Object.values(CITIZEN), card.fiscalCode, card.documentNumber, card.nis];

let folder: string;
let server: Server;
let terminal: ChildProcess;
let cards: ChildProcess;
let ready: CardsReady;
let socket: WebSocket;
let logs = '';
const bodies: string[] = [];
let snapshot: Snapshot | undefined;
let changed = (): void => undefined;

async function until(name: string, holds: (snapshot: Snapshot) => boolean): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!snapshot || !holds(snapshot)) {
    if (Date.now() > deadline) throw new Error(`not ${name}: ${JSON.stringify(snapshot?.screen)}`);
    await new Promise<void>((resolve) => {
      changed = resolve;
      setTimeout(resolve, 500);
    });
  }
}
const on = (name: Snapshot['screen']['name']) => until(name, ({ screen }) => screen.name === name);
const asks = (field: string) =>
  until(
    field,
    ({ screen }) => screen.name === 'login-secret' && screen.field === field && screen.entered === 0,
  );

const firstLine = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${logs}`)));
    if (child.stdout)
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
  });

async function freePort(): Promise<number> {
  const probe = createTcp();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-card-memory-'));
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    bodies.push(body);
    response.setHeader('content-type', 'application/json');
    const at = Date.now();
    const level = body.includes('"cie-card"') ? 'card' : 'pin';
    const session = { citizen: CITIZEN, method: 'cie-card-local', level, at, expiresAt: at + 900_000 };
    const answer = request.url?.endsWith('/proof')
      ? { result: 'verified', token: TOKEN, session }
      : request.url?.endsWith('/logins')
        ? { loginId: uuidv7(at), nonce: 'N'.repeat(43), at, expiresAt: at + 120_000 }
        : { now: at, accepted: true };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const slot = await freePort();
  const say = join(root, 'simulators/card/main.ts');
  const where = ['--readers', `127.0.0.1:${slot}`, '--data', join(folder, 'cards')];
  cards = spawn(process.execPath, [say, ...where], { stdio: ['ignore', 'pipe', 'inherit'] });
  ready = await firstLine<CardsReady>(cards);
  const config = join(folder, 'terminal.json');
  const settings = {
    ...{ mode: 'demo', tenantId: 'prato', terminalId: 'PO-001', city: 'Comune di Prato', site: 'Piazza' },
    creditorTaxCode: '84006890481',
    serverUrl: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    dataDir: join(folder, 'data'),
    devices: {
      ...{ pos: 'none+tcp://h:1', printer: 'none+tcp://h:1', barcode: 'none+tcp://h:1' },
      card: `vpcd+tcp://127.0.0.1:${slot}`,
    },
    login: { withoutPin: true, cscaFiles: [ready.anchors.csca] },
  };
  writeFileSync(config, JSON.stringify(settings));
  const main = join(root, 'kiosk/runtime/main.ts');
  const watched = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`];
  terminal = spawn(process.execPath, [...watched, main, '--config', config]);
  terminal.stderr?.on('data', (bytes) => {
    logs += bytes;
  });
  const { url } = await firstLine<{ url: string }>(terminal);
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
}, 60_000);

afterAll(async () => {
  socket?.terminate();
  terminal?.kill('SIGKILL');
  cards?.kill('SIGKILL');
  server?.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function intent(value: object): Promise<void> {
  // later than any double press
  await pause(600);
  socket.send(JSON.stringify({ type: 'intent', intent: value }));
}
const choose = (action: string) => intent({ type: 'login', action });

async function act(action: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${ready.control}/act`, {
    method: 'POST',
    headers,
    body: JSON.stringify(action),
  });
  expect(answer.status).toBe(200);
}
const lay = () => act({ action: 'hold', citizen: card.id });

/** Key by key, as the pad sends them. */
async function press(field: string, value: string): Promise<void> {
  await asks(field);
  for (const [at, key] of [...value].entries()) {
    await pause(value[at - 1] === key ? 100 : 0);
    socket.send(JSON.stringify({ type: 'secret', field, key }));
    await until(
      `digit ${at + 1} of ${field}`,
      ({ screen }) => screen.name === 'login-secret' && screen.entered === at + 1,
    );
  }
}
async function type(field: string, value: string): Promise<void> {
  await press(field, value);
  // an enter right after another would be a double press
  await pause(550);
  socket.send(JSON.stringify({ type: 'secret', field, key: 'enter' }));
}

/** Goes, takes the card along, and waits for the terminal to be nobody's. */
async function leave(): Promise<void> {
  await intent({ type: 'leave' });
  await on('card-left');
  await act({ action: 'take' });
  await on('home');
  await until('nobody is there', ({ session, citizen }) => session === undefined && citizen === undefined);
}

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('no process');
  return pid;
};

const filesUnder = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('citizens who typed all that can be typed, and left', () => {
  it('are searched for by a search that can find', async () => {
    const keep = `const [t]=process.argv.slice(1);globalThis.kept=[Buffer.from(t),t+'\\u20ac',[...t].map(Number)];setInterval(()=>globalThis.kept,1e6);console.log('{}')`;
    const other = spawn(process.execPath, ['-e', keep, typed['the newest PIN']]);
    try {
      await firstLine(other);
      const seen = searchMemory(pidOf(other), needles);
      for (const form of [0, 1]) {
        expect(seen.some((each) => each.startsWith(`the newest PIN (form ${form})`))).toBe(true);
      }
      expect(seen.some((each) => each.startsWith('a wrong PIN'))).toBe(false);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('leave no digit in the terminal’s memory, and nothing of themselves in its heap, files and logs', async () => {
    const pid = pidOf(terminal);
    expect(searchMemory(pid, needles)).toEqual([]);

    await lay();
    await type('cie-pin', typed['a wrong PIN']);
    await until('told so', ({ screen }) => screen.name === 'login-secret' && screen.notice === 'wrong');
    await press('cie-pin', typed['the PIN']);
    // while it is typed it is there, in the one buffer that is wiped
    expect(searchMemory(pid, needles)).toEqual([expect.stringContaining('the PIN (form 0)')]);
    await pause(550);
    socket.send(JSON.stringify({ type: 'secret', field: 'cie-pin', key: 'enter' }));
    await on('signed-in');
    expect(snapshot?.citizen?.familyName).toBe(CITIZEN.familyName);
    expect((await heapSnapshot(pid, folder)).includes(CITIZEN.familyName)).toBe(true);
    await choose('change-pin');
    await type('cie-pin', typed['the PIN']);
    await type('cie-new-pin', typed['the new PIN']);
    await type('cie-new-pin-again', typed['the new PIN']);
    await on('pin-done');
    await leave();

    await lay();
    await press('cie-pin', typed['a PIN never submitted']);
    await leave();

    await lay();
    await asks('cie-pin');
    await choose('without-pin');
    await type('cie-can', typed['the six digits on the card']);
    await on('signed-in');
    await leave();

    await lay();
    await asks('cie-pin');
    await choose('forgot-pin');
    await choose('unblock-pin');
    await type('cie-puk', typed['the PUK']);
    await type('cie-new-pin', typed['the newest PIN']);
    await type('cie-new-pin-again', typed['the newest PIN']);
    await on('pin-done');
    await leave();

    await lay();
    await press('cie-pin', typed['the newest PIN']);
    // pulled away with all its digits typed
    await act({ action: 'take' });
    await on('login-problem');
    await intent({ type: 'leave' });
    await until('nobody is there', ({ session }) => session === undefined);
    await pause(300);

    // before anything is collected: a secret must not even be garbage
    expect(searchMemory(pid, needles)).toEqual([]);
    const heap = await heapSnapshot(pid, folder);
    const words = [...people, TOKEN, ...Object.values(typed)];
    expect(words.filter((word) => heap.includes(word))).toEqual([]);
    expect(heap.includes('goodbyeSeconds')).toBe(true);

    const files = filesUnder(join(folder, 'data'));
    expect(files.map((file) => file.split('/').at(-1))).toEqual(
      expect.arrayContaining(['journal.db', 'usage.json']),
    );
    for (const file of files) {
      const content = readFileSync(file);
      const there = words.filter((word) =>
        [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')].some((form) => content.includes(form)),
      );
      expect([file, there]).toEqual([file, []]);
    }
    expect(words.filter((word) => logs.includes(word))).toEqual([]);
    const calls = bodies.filter((body) => !body.includes('"sod"'));
    expect(words.filter((word) => calls.some((body) => body.includes(word)))).toEqual([]);
  }, 180_000);
});
