import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Started, startProcess } from '../process/index.ts';
import { type Cards, createCards } from './cards.ts';
import { TestTerminal } from './cie/test-terminal.ts';
import type { CardSimulatorState, CardsReady } from './simulator.ts';
import { ascii, concat, fromHex } from './tlv.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, 'main.ts');

/** A virtual reader, as the real one listens. */
class FakeReader {
  readonly #server: Server;
  socket: Socket | undefined;
  connections = 0;
  #bytes = Buffer.alloc(0);
  port = 0;

  constructor() {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.socket = socket;
      this.#bytes = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        this.#bytes = Buffer.concat([this.#bytes, chunk]);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (this.socket === socket) this.socket = undefined;
      });
    });
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(port, '127.0.0.1', done));
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.port = address.port;
  }

  async close(): Promise<void> {
    this.socket?.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  /** Sends a message; undefined when no answer came within `ms`. */
  async ask(hex: string, ms = 2_000): Promise<string | undefined> {
    const body = Buffer.from(hex, 'hex');
    const message = Buffer.concat([Buffer.of(body.length >> 8, body.length & 255), body]);
    // In two pieces: the other side must put them together.
    this.socket?.write(message.subarray(0, 3));
    await settle(2);
    this.socket?.write(message.subarray(3));
    const end = performance.now() + ms;
    for (;;) {
      const length = this.#bytes.length >= 2 ? this.#bytes.readUInt16BE(0) : undefined;
      if (length !== undefined && this.#bytes.length >= 2 + length) {
        const answer = this.#bytes.subarray(2, 2 + length).toString('hex');
        this.#bytes = this.#bytes.subarray(2 + length);
        return answer;
      }
      if (performance.now() > end || !this.socket) return undefined;
      await settle(5);
    }
  }
}

const settle = (ms: number) => new Promise<void>((done) => systemClock.after(ms, () => done()));
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await settle(10);
  }
}

let data: string;
const readers = [new FakeReader(), new FakeReader()] as const;
let started: Started<CardsReady>;
const post = async (body: unknown) => {
  const answer = await fetch(`${started.ready.control}/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as CardSimulatorState };
};
const state = async () => {
  const answer = await fetch(`${started.ready.control}/state`);
  return ((await answer.json()) as { device: CardSimulatorState }).device;
};

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'jolly-cards-'));
  for (const reader of readers) await reader.listen();
  const addresses = readers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  started = await startProcess<CardsReady>(main, ['--readers', addresses, '--data', data]);
});
afterAll(async () => {
  await started?.stop();
  for (const reader of readers) await reader.close();
  await rm(data, { recursive: true, force: true });
});
afterEach(async () => {
  await post({ action: 'reset' });
  await until(() => readers.every(({ socket }) => socket === undefined));
});

describe('the simulated cards on the virtual reader’s wire', () => {
  it('lays a card, answers ATR and APDUs, and takes it away', async () => {
    const [reader] = readers;
    expect((await post({ action: 'hold', citizen: 'giulia' })).status).toBe(200);
    await until(() => reader.socket !== undefined);
    expect(await reader.ask('04')).toBe('3b8f80018031806549544a3444120fff8290008d');
    expect(await reader.ask('01', 50)).toBeUndefined();
    expect(await reader.ask('00a4040c0da0000000308000000009816001')).toBe('9000');
    expect(await reader.ask('00a4040c06a00000000039')).toBe('9000');
    expect(await reader.ask('00b081000c')).toBe(`${Buffer.from('608000000017').toString('hex')}9000`);
    // A reset forgets what was selected; without power there is no answer.
    await reader.ask('02', 50);
    expect(await reader.ask('00b081000c')).toBe('6a82');
    await reader.ask('00', 50);
    expect(await reader.ask('00b081000c', 100)).toBeUndefined();
    expect((await state()).readers[0]).toMatchObject({ connected: true, held: 'giulia', apdus: 5 });
    await post({ action: 'take', reader: 0 });
    await until(() => reader.socket === undefined);
    expect((await state()).readers[0]?.held).toBeUndefined();
  });

  it('keeps trying while a held card’s reader is away, and moves a card from one reader to the other', async () => {
    const [first, second] = readers;
    await first.close();
    await post({ action: 'hold', citizen: 'lucia', reader: 0 });
    await settle(100);
    expect((await state()).readers[0]).toMatchObject({ connected: false, held: 'lucia' });
    await first.listen(first.port);
    await until(() => first.socket !== undefined);
    expect(await first.ask('04')).toMatch(/^3b1f11.*434e53/);
    await post({ action: 'hold', citizen: 'lucia', reader: 1 });
    await until(() => first.socket === undefined && second.socket !== undefined);
    await post({ action: 'hold', citizen: 'marco', reader: 0 });
    await until(() => first.socket !== undefined);
    expect((await state()).readers.map(({ held }) => held)).toEqual(['marco', 'lucia']);
  });

  it('pulls the card away at an APDU, and is then no longer held', async () => {
    const [reader] = readers;
    await post({ action: 'fault', fault: { kind: 'remove-at', apdu: 2 } });
    await post({ action: 'hold', citizen: 'giulia' });
    await until(() => reader.socket !== undefined);
    expect(await reader.ask('00a40000')).toBe('9000');
    expect(await reader.ask('00a40000')).toBeUndefined();
    expect((await state()).readers[0]).not.toHaveProperty('held');
    expect((await state()).faults).toEqual([]);
  });

  it('shows PINs and tries, never a key, and refuses what it does not know', async () => {
    expect(await post({ action: 'hold', citizen: 'nobody' })).toMatchObject({ status: 409 });
    expect(await post({ action: 'dance' })).toMatchObject({ status: 400 });
    const { body } = await post({ action: 'set-tries', citizen: 'giulia', pin: 1 });
    expect(body.citizens).toHaveLength(7);
    expect(body.citizens[0]).toEqual({
      ...{ id: 'giulia', name: 'Giulia Bianchi', card: 'cie', pin: '27182818', puk: '31415926' },
      ...{ can: '482913', documentNumber: 'CA00001TS', pinTries: 1, pukTries: 10 },
      ...{ expired: false, revoked: false },
    });
    expect(JSON.stringify(body)).not.toMatch(/PRIVATE|MII/);
  });

  it('keeps its keys for its owner alone, and a second start finds the same', async () => {
    for (const name of await readdir(data)) {
      const { mode } = await stat(join(data, name));
      expect(mode & 0o777).toBe(0o600);
    }
    const before = await readFile(started.ready.anchors.csca, 'utf8');
    const fresh = await mkdtemp(join(tmpdir(), 'jolly-cards-'));
    try {
      const both = await Promise.all([createCards({ data: fresh }), createCards({ data: fresh })]);
      expect(both[0].authority.anchors).toEqual(both[1].authority.anchors);
      expect((await createCards({ data })).authority.anchors.csca).toBe(before);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  });
});

describe('the test CA as openssl sees it', () => {
  let cards: Cards;
  const file = (name: string) => join(data, name);
  const openssl = async (...args: string[]) => {
    const { stdout, stderr } = await run('openssl', args);
    return stdout + stderr;
  };

  beforeAll(async () => {
    cards = await createCards({ data, caAddress: () => `${started.ready.control}/ca` });
    await Promise.all(
      ['giulia', 'marco', 'expired', 'revoked'].map(async (id) => {
        const card = await cards.card(id);
        const terminal = new TestTerminal(card);
        terminal.open();
        terminal.secure('00200081', ascii(card.pin.digits));
        let certificate: Uint8Array = new Uint8Array(0);
        for (;;) {
          const offset = Uint8Array.of(0, 0xb0, certificate.length >> 8, certificate.length & 255);
          if (certificate.length === 0) terminal.secure('00A4020C', fromHex('1003'));
          const { data: part } = terminal.secure(
            Buffer.from(offset).toString('hex'),
            new Uint8Array(0),
            0xe0,
          );
          if (part.length === 0) break;
          certificate = concat(certificate, part);
        }
        terminal.root();
        const cut = (bytes: Uint8Array) => bytes.subarray(0, 4 + (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0));
        await writeFile(file(`${id}.der`), cut(certificate));
        await writeFile(file(`${id}.sod`), cut(terminal.read('1006')).subarray(4));
        await openssl('x509', '-inform', 'DER', '-in', file(`${id}.der`), '-out', file(`${id}.crt`));
      }),
    );
  });

  it('accepts the citizens’ certificates by their own root only', async () => {
    const { citizenCa, cnsCa } = started.ready.anchors;
    const verified = (root: string, id: string) => openssl('verify', '-CAfile', root, file(`${id}.crt`));
    expect(await verified(citizenCa, 'giulia')).toContain('OK');
    await expect(verified(cnsCa, 'giulia')).rejects.toThrow();
    await expect(verified(citizenCa, 'expired')).rejects.toThrow(/certificate has expired/);
    const text = await openssl('x509', '-in', file('marco.crt'), '-noout', '-subject', '-nameopt', 'utf8');
    expect(text).toContain("SN=D'ALÒ");
    expect(text).toContain('GN=MARCO NICCOLÒ');
    expect(text).toContain('CN=DLAMCN78S03D612N/608000000025');
  });

  it('publishes whom it took back, as a list and when asked', async () => {
    const { citizenCa } = started.ready.anchors;
    const { control } = started.ready;
    const list = await fetch(`${control}/ca/citizen.crl`);
    await writeFile(file('citizen.crl.der'), Buffer.from(await list.arrayBuffer()));
    await openssl('crl', '-inform', 'DER', '-in', file('citizen.crl.der'), '-out', file('citizen.crl'));
    expect(await openssl('crl', '-in', file('citizen.crl'), '-CAfile', citizenCa, '-noout')).toContain(
      'verify OK',
    );
    const checked = (id: string) =>
      openssl(
        ...['verify', '-CAfile', citizenCa, '-CRLfile', file('citizen.crl'), '-crl_check'],
        file(`${id}.crt`),
      );
    expect(await checked('giulia')).toContain('OK');
    await expect(checked('revoked')).rejects.toThrow(/certificate revoked/);

    const asked = (id: string) =>
      openssl(
        ...['ocsp', '-issuer', citizenCa, '-CAfile', citizenCa, '-cert', file(`${id}.crt`)],
        ...['-url', `${control}/ca/ocsp`],
      );
    expect(await asked('giulia')).toMatch(/: good[\s\S]*Response verify OK/);
    expect(await asked('revoked')).toMatch(/: revoked[\s\S]*Response verify OK/);

    await post({ action: 'ca', reachable: false });
    await expect(fetch(`${control}/ca/citizen.crl`)).rejects.toThrow();
    expect((await state()).ca.reachable).toBe(false);
  });

  it('names in its certificates where it can be asked', async () => {
    const text = await openssl('x509', '-in', file('giulia.crt'), '-noout', '-text');
    expect(text).toContain(`OCSP - URI:${started.ready.control}/ca/ocsp`);
    expect(text).toContain(`URI:${started.ready.control}/ca/citizen.crl`);
  });

  it.each([
    ['giulia', 'rsassaPss', ':-5F'],
    ['marco', 'rsaEncryption|sha256WithRSAEncryption', ':-5F'],
  ])('signs security objects in both forms (%s)', async (id, algorithm, negative) => {
    const { csca } = started.ready.anchors;
    const sod = ['-inform', 'DER', '-in', file(`${id}.sod`)];
    const out = file(`${id}.lds`);
    const said = await openssl('cms', '-verify', ...sod, '-CAfile', csca, '-purpose', 'any', '-out', out);
    expect(said).toMatch(/verification successful/i);
    const parsed = await openssl('asn1parse', '-inform', 'DER', '-in', out);
    expect(parsed).toContain(`INTEGER           ${negative}`);
    expect(parsed.includes('0108')).toBe(id === 'giulia');
    expect(await openssl('asn1parse', ...sod)).toMatch(new RegExp(algorithm));
    const { citizenCa } = started.ready.anchors;
    await expect(
      openssl('cms', '-verify', ...sod, '-CAfile', citizenCa, '-purpose', 'any', '-out', out),
    ).rejects.toThrow();
  });
});
