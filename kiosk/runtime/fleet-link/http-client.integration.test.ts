import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { canonicalRequest } from '@jolly/contracts/fleet-api';
import { Secret, systemClock, systemRandom, uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openIdentity } from '../identity/index.ts';
import { HttpFleetClient } from './index.ts';

/** A server of a few lines that refuses what is not signed. */
type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;
let server: Server;
let answer: Answer;
let dataDir: string;
let client: HttpFleetClient;
let sockets: number;
const reached: boolean[] = [];
const id = uuidv7(Date.now(), systemRandom);

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (_, __, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-client-'));
  const identity = openIdentity(
    { tenantId: 'prato', terminalId: 'PO-001', dataDir },
    systemClock,
    systemRandom,
  );
  const key = createPublicKey({
    key: Buffer.from(identity.publicKey, 'base64url'),
    format: 'der',
    type: 'spki',
  });
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const head = (name: string) => String(request.headers[`jolly-${name}`]);
    const text = canonicalRequest({
      method: String(request.method),
      target: String(request.url),
      tenantId: head('tenant'),
      terminalId: head('terminal'),
      timestamp: Number(head('timestamp')),
      nonce: head('nonce'),
      bodySha256Hex: createHash('sha256').update(body).digest('hex'),
    });
    const signed = verify(null, Buffer.from(text), key, Buffer.from(head('signature'), 'base64url'));
    if (!signed) json(401, { code: 'SIGNATURE_REFUSED' })(request, body, response);
    else answer(request, body, response);
  });
  sockets = 0;
  server.on('connection', () => {
    sockets += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  reached.length = 0;
  client = new HttpFleetClient({
    serverUrl: `http://127.0.0.1:${port}/base/`,
    identity,
    clock: systemClock,
    onReachable: (reachable) => reached.push(reachable),
  });
});

afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a call', () => {
  it('is signed, goes to its path and keeps the connection', async () => {
    const seen: string[] = [];
    answer = (request, body, response) => {
      seen.push(`${request.method} ${request.url}`);
      json(200, request.url?.endsWith('/time') ? { now: 1 } : { accepted: true })(request, body, response);
    };
    await client.time();
    await client.usage({ batchId: id, seq: 0, events: [], ratings: [] });
    await client.facts(id, { facts: [{ seq: 0, at: 1, fact: { fact: 'charge-not-made' } }] });
    expect(seen).toEqual([
      'GET /base/api/v1/time',
      'POST /base/api/v1/usage',
      `POST /base/api/v1/payments/${id}/facts`,
    ]);
    expect(sockets).toBe(1);
    expect([client.reachable, reached]).toEqual([true, [true]]);
  });

  it('measures how far the clocks are apart, on refusals too', async () => {
    expect(client.clockSkewMs).toBeUndefined();
    answer = json(401, { code: 'CLOCK_SKEW' }, { 'jolly-time': String(Date.now() - 90_000) });
    await expect(client.time()).rejects.toThrow('SERVER_REFUSED');
    expect(Math.abs((client.clockSkewMs ?? 0) - 90_000)).toBeLessThan(2000);
  });

  it('that is refused says the code of the problem', async () => {
    const problem = { type: 'about:blank', title: 'No', status: 409, code: 'PAYMENT_UNKNOWN' };
    answer = json(409, problem);
    await expect(client.status(id)).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      detail: { code: 'PAYMENT_UNKNOWN', status: 409 },
    });
    expect(client.reachable).toBe(true);
  });

  it.each([
    ['a server in trouble', json(503, {})],
    ['one that asks to wait', json(429, {})],
    ['an answer of another shape', json(200, { now: 'soon' })],
    ['an answer that is no JSON', ((_, __, response) => void response.end('<html>')) satisfies Answer],
    ['a broken connection', ((_, __, response) => void response.destroy()) satisfies Answer],
    [
      'an answer without end',
      ((_, __, response) => void response.end('x'.repeat(1_100_000))) satisfies Answer,
    ],
  ])('meets %s as unreachable, to be tried again', async (_, behaviour) => {
    answer = behaviour;
    await expect(client.time()).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      entry: { retry: 'later' },
    });
  });

  it('to nobody is unreachable', async () => {
    answer = json(200, { now: 1 });
    await client.time();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await expect(client.time()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(reached).toEqual([true, false]);
    server.listen(0);
  });
});

describe('calls for a citizen', () => {
  const session = {
    citizen: { fiscalCode: 'PRVGLI85T57G999X', givenName: 'Giulia', familyName: 'Prova' },
    method: 'cie-card-local',
    level: 'pin',
    at: 1,
    expiresAt: 2,
  };
  const token = 'T'.repeat(43);

  it('go to their paths, and carry the token in a header of its own', async () => {
    const seen: unknown[] = [];
    answer = (request, body, response) => {
      const { method, url, headers } = request;
      seen.push([method, url, headers['jolly-citizen']]);
      if (method === 'DELETE') {
        response.writeHead(204);
        response.end();
      } else if (url?.endsWith('/proof'))
        json(200, { result: 'verified', token, session })(request, body, response);
      else json(200, { loginId: id, nonce: 'N'.repeat(43), at: 1, expiresAt: 2 })(request, body, response);
    };
    const request = { sessionId: id, method: 'cie-card-local', level: 'pin' } as const;
    expect((await client.loginChallenge(request)).loginId).toBe(id);
    const proof = { kind: 'cns-pin', certificate: 'AAAA', signature: 'AAAA' } as const;
    expect(await client.loginProof(id, proof)).toMatchObject({ result: 'verified', token });
    await client.endCitizen(new Secret(token));
    expect(seen).toEqual([
      ['POST', '/base/api/v1/logins', undefined],
      ['POST', `/base/api/v1/logins/${id}/proof`, undefined],
      ['DELETE', '/base/api/v1/citizen', token],
    ]);
  });

  it('that fail name neither token nor person', async () => {
    answer = json(200, { result: 'verified', token, session: { ...session, level: 'none' } });
    const error: unknown = await client
      .loginProof(id, { kind: 'cns-pin', certificate: 'AAAA', signature: 'AAAA' })
      .catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 9 })).toContain('answer-invalid');
    expect(inspect(error, { depth: 9 })).not.toMatch(/Giulia|PRVGLI|TTTT/);
  });
});
