import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCreditor, makeNotice, noticeQr } from '@jolly/contracts/notice';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ready, startProcess } from '../process/index.ts';

const key = { noticeNumber: makeNotice('3', '020000000000001'), creditorTaxCode: makeCreditor('8400689048') };
const notice = { ...key, qr: noticeQr(key, 500), label: 'TARI', state: 'INSERTED', amountCents: 500 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function fakeNode(): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      response.end(request.url === '/control/notices' ? JSON.stringify([notice]) : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function panel(devices: object): Promise<string> {
  const args = ['--listen', '0', '--devices', JSON.stringify(devices)];
  const started = await startProcess<{ url: string }>(join(import.meta.dirname, 'main.ts'), args);
  cleanups.push(() => started.stop());
  return started.ready.url;
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('the device panel', () => {
  it('serves its page, its typefaces and the notices', async () => {
    const url = await panel({ node: await fakeNode() });
    for (const path of [
      '',
      'main.js',
      'cards/pos.js',
      'cards/citizens.js',
      'citizens.css',
      'fonts/lora-latin-600-normal.woff2',
    ]) {
      const answer = await fetch(`${url}/${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    }
    expect(await (await fetch(`${url}/api/devices`)).json()).toEqual({ devices: ['node'] });
    expect(await (await fetch(`${url}/api/notices`)).json()).toMatchObject([notice]);
    expect(await (await post(`${url}/api/node/control/faults`, { mode: 'reset' })).json()).toEqual({
      mode: 'reset',
    });
  });

  it('scans through to the simulated reader', async () => {
    const barcode = await startProcess<Ready>(join(import.meta.dirname, '../barcode/main.ts'), [
      '--wire',
      'tcp:0',
    ]);
    cleanups.push(() => barcode.stop());
    const url = await panel({ barcode: barcode.ready.control });
    await post(`${url}/api/barcode/act`, { action: 'scan', text: notice.qr, aim: ']Q1' });
    const state = await (await fetch(`${url}/api/barcode/state`)).json();
    expect(state).toMatchObject({ plugged: true, device: { scans: [{ text: notice.qr, sentTo: 0 }] } });
    const refused = await post(`${url}/api/barcode/act`, { action: 'dance' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'ACTION_INVALID' });
  });

  it('lays a citizen’s card through to the simulated cards, and shows what went wrong', async () => {
    const data = await mkdtemp(join(tmpdir(), 'jolly-panel-'));
    cleanups.push(() => rm(data, { recursive: true }));
    // Nobody listens at the reader: the card waits for it.
    const args = ['--readers', '127.0.0.1:9,127.0.0.1:9', '--data', data, '--control', '0'];
    const cards = await startProcess<Ready>(join(import.meta.dirname, '../card/main.ts'), args);
    cleanups.push(() => cards.stop());
    const url = await panel({ card: cards.ready.control });
    const acts = [
      { action: 'hold', citizen: 'giulia', reader: 1 },
      { action: 'fault', fault: { kind: 'remove-at', apdu: 20 }, reader: 1 },
      { action: 'fault', fault: { kind: 'slow', ms: 500 } },
      { action: 'set-tries', citizen: 'giulia', pin: 1 },
      { action: 'ca', reachable: false },
    ];
    for (const act of acts) expect((await post(`${url}/api/card/act`, act)).status).toBe(200);
    const look = async () => await (await fetch(`${url}/api/card/state`)).json();
    expect(await look()).toMatchObject({
      device: {
        citizens: expect.arrayContaining([
          expect.objectContaining({ id: 'giulia', card: 'cie', pinTries: 1 }),
        ]),
        readers: [
          { index: 0, connected: false },
          { index: 1, held: 'giulia', connected: false },
        ],
        faults: [{ fault: { kind: 'remove-at' }, reader: 1 }, { fault: { kind: 'slow' } }],
        ca: { reachable: false },
      },
    });
    await post(`${url}/api/card/act`, { action: 'reset' });
    expect(await look()).toMatchObject({ device: { faults: [], ca: { reachable: true } } });
    expect((await post(`${url}/api/card/plug`, { inserted: false })).status).toBe(404);
    expect((await post(`${url}/api/card/act`, { action: 'hold', citizen: 'nobody' })).status).toBe(409);
  });

  it('refuses calls it does not know and pages from elsewhere, and says when a simulator is silent', async () => {
    const url = await panel({ pos: 'http://127.0.0.1:9' });
    expect((await fetch(`${url}/api/pos/secrets`)).status).toBe(404);
    expect((await fetch(`${url}/api/pos/state`)).status).toBe(502);
    expect((await fetch(`${url}/api/notices`)).status).toBe(502);
    expect((await post(`${url}/api/pos/act`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });
});
