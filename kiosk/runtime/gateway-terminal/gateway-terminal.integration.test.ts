import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthorisationResponse } from '@jolly/contracts/fleet-api';
import { cents, systemClock, systemRandom, uuidv7 } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpFleetClient } from '../fleet-link/index.ts';
import { openIdentity } from '../identity/index.ts';
import { registerGatewayTerminal } from './index.ts';

/** A server of a few lines on the two routes; its words are used up one by one, the last stays. */
let server: Server;
let words: (AuthorisationResponse | 'hang-up' | 'refuse')[];
let heard: { method: string; path: string; body: string }[];
let client: HttpFleetClient;
let pos: CardTerminal;
let dataDir: string;

const id = uuidv7(Date.now(), systemRandom);
const reference = {
  kioskPaymentId: id,
  amountCents: cents(1_250),
  lastStan: undefined,
  startedAt: Date.now(),
};
const card = {
  posTerminalId: 'T1',
  stan: '000001',
  cardType: 'credit',
  chargedAt: 0,
  amountCents: cents(1_250),
} as const;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-gateway-'));
  words = [{ state: 'none' }];
  heard = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    heard.push({ method: String(request.method), path: String(request.url), body });
    if (request.url === '/api/v1/time') return void response.end(JSON.stringify({ now: Date.now() }));
    const word = words.length > 1 ? words.shift() : words[0];
    if (word === 'hang-up') return void request.socket.destroy();
    response.writeHead(word === 'refuse' ? 409 : 200, { 'content-type': 'application/json' });
    const problem = { type: 'about:blank', title: 'closed', status: 409, code: 'PAYMENT_CLOSED' };
    return void response.end(JSON.stringify(word === 'refuse' ? problem : word));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const onReachable = new Set<() => void>();
  client = new HttpFleetClient({
    serverUrl: `http://127.0.0.1:${port}`,
    identity: openIdentity({ tenantId: 'prato', terminalId: 'PO-001', dataDir }, systemClock, systemRandom),
    clock: systemClock,
    onReachable: () => {
      for (const hear of onReachable) hear();
    },
  });
  const registry = registerGatewayTerminal(new DeviceRegistry(), {
    fleet: client,
    onReachable: (listener) => {
      onReachable.add(listener);
      return () => onReachable.delete(listener);
    },
  });
  pos = registry.create('pos', 'pagopa-gateway:T1?poll=0.02&settle=0&wait=5', {
    clock: systemClock,
    log: () => undefined,
  });
  await client.time();
  heard = [];
});

afterEach(async () => {
  await pos.close();
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dataDir, { recursive: true, force: true });
});

const pay = () => pos.charge(reference, {}, { beforeMoney: () => undefined });

describe('the gateway’s card over the fleet server', () => {
  it('is asked for once and then waited for', async () => {
    expect(pos.health().state).toBe('ready');
    words = [{ state: 'waiting' }, { state: 'waiting' }, { state: 'approved', card }];
    expect(await pay()).toEqual({ outcome: 'approved', card });
    const path = `/api/v1/payments/${id}/authorisation`;
    expect(heard).toEqual([
      {
        method: 'POST',
        path,
        body: `{"posTerminalId":"T1","amountCents":1250,"attempt":${reference.startedAt}}`,
      },
      { method: 'GET', path: `${path}?attempt=${reference.startedAt}`, body: '' },
      { method: 'GET', path: `${path}?attempt=${reference.startedAt}`, body: '' },
    ]);
  });

  it('is waited for through a broken connection, and never asked for again', async () => {
    words = ['hang-up', { state: 'waiting' }, 'hang-up', { state: 'declined', reason: 'DECLINED' }];
    expect(await pay()).toEqual({ outcome: 'declined', reason: 'DECLINED' });
    expect(heard.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('is not started when the server refuses, and undecidable when it will not say', async () => {
    words = ['refuse'];
    expect(await pay()).toEqual({ outcome: 'not-started', reason: 'PAYMENT_CLOSED' });
    expect(await pos.recover(reference)).toEqual({ verdict: 'undecidable', reason: 'PAYMENT_CLOSED' });
  });

  it('is found again after a crash', async () => {
    words = [{ state: 'approved', card }];
    expect(await pos.recover(reference)).toEqual({ verdict: 'charged', card });
    words = ['hang-up'];
    expect(await pos.recover(reference)).toEqual({ verdict: 'unreachable', reason: 'server-unreachable' });
    expect(pos.health()).toMatchObject({ state: 'unavailable', reasons: ['server-unreachable'] });
  });
});
