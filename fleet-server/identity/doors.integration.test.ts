import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { CSRF_HEADER, Problem } from '@jolly/contracts/fleet-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENROLMENT_CODE, Rig, TENANT, TestTerminal } from '../testing/index.ts';

const BODY = { kioskPaymentId: '0199a000-0000-7000-8000-000000000000', notice: { noticeNumber: '1' } };
/** What anybody may ask for: the sign-in itself, the console's files, a receipt by its token. */
const OPEN = new Set([
  'POST /console/session',
  'POST /console/session/local',
  'POST /console/password',
  'GET /console/sign-in',
  'HEAD /console/sign-in',
  'GET /console/oidc/:id/start',
  'HEAD /console/oidc/:id/start',
  'GET /console/oidc/:id/callback',
  'HEAD /console/oidc/:id/callback',
  'GET /console/',
  'HEAD /console/',
  'GET /r/:token',
  'GET /status/:tenant',
  'HEAD /status/:tenant',
  'HEAD /status/:tenant.json',
  'GET /status/:tenant.json',
  'GET /healthz',
  'HEAD /healthz',
  'GET /readyz',
  'HEAD /readyz',
  'GET /metrics',
  'HEAD /metrics',
]);

describe('the doors of the server', () => {
  let rig: Rig;
  let terminal: TestTerminal;

  beforeAll(async () => {
    rig = await new Rig().start();
    terminal = await rig.terminal();
  });
  afterAll(() => rig.close());

  it('are shut for every route without credentials', async () => {
    const routes = rig.server.routes();
    expect(routes.length).toBeGreaterThan(30);
    for (const { method, url } of routes) {
      if (OPEN.has(`${method} ${url}`)) continue;
      const target = url
        .replace(':code', 'ABCDEFGH')
        .replace(':id', BODY.kioskPaymentId)
        .replace(':day', '2026-11-21')
        .replace('*', 'x');
      const raw = await rig.server.app.inject({ method: method as 'GET', url: target });
      expect([401, 403], `${method} ${url}`).toContain(raw.statusCode);
      if (method !== 'HEAD') expect(Problem.parse(raw.json()).status).toBe(raw.statusCode);
    }
  });

  it('open for a signature once, and not again after a restart', async () => {
    const headers = terminal.headers('GET', '/api/v1/time', '');
    expect((await rig.inject('GET', '/api/v1/time', headers)).status).toBe(200);
    expect((await rig.inject('GET', '/api/v1/time', headers)).body).toMatchObject({ code: 'REPLAYED' });
    const before = rig.server;
    await rig.restart();
    expect((await rig.inject('GET', '/api/v1/time', headers)).body).toMatchObject({ code: 'REPLAYED' });
    await before.app.close();
  });

  it('stay shut for a changed body, path, tenant or key', async () => {
    const signed = terminal.headers('GET', '/api/v1/time', '');
    expect((await rig.inject('GET', '/api/v1/time?x=1', signed)).body).toMatchObject({
      code: 'SIGNATURE_REFUSED',
    });
    const usage = terminal.headers('POST', '/api/v1/usage', '{"a":1}');
    expect((await rig.inject('POST', '/api/v1/usage', usage, '{"a":2}')).status).toBe(401);
    const abroad = terminal.headers('GET', '/api/v1/time', '', { tenantId: 'altrove' });
    expect((await rig.inject('GET', '/api/v1/time', abroad)).status).toBe(401);
    const stranger = new TestTerminal(rig, terminal.terminalId);
    expect((await stranger.call('GET', '/api/v1/time')).status).toBe(401);
  });

  it('tell a terminal with a wrong clock the time', async () => {
    const late = terminal.headers('GET', '/api/v1/time', '', { timestamp: rig.clock.now() - 300_001 });
    const answer = await rig.inject('GET', '/api/v1/time', late);
    expect(answer.body).toMatchObject({ code: 'CLOCK_SKEW' });
    expect(answer.raw.headers['jolly-time']).toBe(String(rig.clock.now()));
  });

  it('enrol with the code only, the same key again, never another', async () => {
    const fresh = new TestTerminal(rig, 'TOTEM-09');
    expect((await fresh.enrol('sbagliato-codice')).body).toMatchObject({ code: 'ENROLMENT_REFUSED' });
    expect((await fresh.enrol()).status).toBe(200);
    expect((await fresh.enrol()).body).toMatchObject({ enrolledAt: rig.clock.now() });
    expect((await new TestTerminal(rig, 'TOTEM-09').enrol()).body).toMatchObject({
      code: 'ALREADY_ENROLLED',
    });
  });

  it('enrol and sign in from this machine only', async () => {
    const json = { 'content-type': 'application/json' };
    for (const [headers, remote] of [
      [json, '192.0.2.7'],
      [{ ...json, 'x-forwarded-for': '192.0.2.7' }, '127.0.0.1'],
      [{ ...json, 'x-real-ip': '192.0.2.7' }, '127.0.0.1'],
      [{ ...json, via: '1.1 proxy' }, '127.0.0.1'],
      [{ ...json, host: 'rebound.example' }, '127.0.0.1'],
      [{ ...json, origin: 'http://elsewhere.example' }, '127.0.0.1'],
    ] as const) {
      const answer = await rig.inject('POST', '/console/session', headers, '{}', remote);
      expect(answer.body).toMatchObject({ code: 'SIGN_IN_CLOSED', status: 403 });
    }
    const far = new TestTerminal(rig, 'TOTEM-10');
    const text = JSON.stringify({
      tenantId: TENANT,
      terminalId: 'TOTEM-10',
      publicKey: far.publicKey,
      site: 'x',
      code: ENROLMENT_CODE,
    });
    const headers = far.headers('POST', '/api/v1/enrolment', text);
    const answer = await rig.inject('POST', '/api/v1/enrolment', headers, text, '192.0.2.7');
    expect(answer.body).toMatchObject({ code: 'ENROLMENT_CLOSED' });
  });

  it('give a session whose cookie no script reads, and take no change without its token', async () => {
    const answer = await rig.inject('POST', '/console/session');
    expect(String(answer.raw.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    const person = await rig.signIn();
    expect(person.me).toMatchObject({ demo: true, user: 'demo', role: 'centre-admin', tenantId: TENANT });
    const cookie = String(answer.raw.headers['set-cookie']).split(';')[0] ?? '';
    const seal = '/console/api/match/2026-11-20/seal';
    expect((await rig.inject('POST', seal, { cookie })).body).toMatchObject({ code: 'CSRF_REFUSED' });
    const wrong = { cookie, [CSRF_HEADER]: randomBytes(24).toString('base64url') };
    expect((await rig.inject('POST', seal, wrong)).body).toMatchObject({ code: 'CSRF_REFUSED' });
    expect((await person.get('/docs/json')).status).toBe(200);
    rig.clock.advance(8 * 3_600_000);
    expect((await person.get('/console/api/me')).body).toMatchObject({ code: 'SIGN_IN_NEEDED' });
  });

  it('tell every fault of a body at once', async () => {
    const answer = await terminal.call('POST', '/api/v1/payments/verify', BODY);
    const { faults, code } = Problem.parse(answer.body);
    expect(code).toBe('BODY_INVALID');
    expect(faults?.map((fault) => fault.path).sort()).toEqual([
      'notice.creditorTaxCode',
      'notice.noticeNumber',
    ]);
    const text = '{"broken":';
    const headers = terminal.headers('POST', '/api/v1/usage', text);
    expect((await rig.inject('POST', '/api/v1/usage', headers, text)).body).toMatchObject({
      code: 'BODY_UNREADABLE',
    });
    const large = `"${'x'.repeat(300_000)}"`;
    const signed = terminal.headers('POST', '/api/v1/usage', large);
    expect((await rig.inject('POST', '/api/v1/usage', signed, large)).status).toBe(413);
  });

  it('slow down who guesses', async () => {
    const codes = [];
    for (let tries = 0; tries < 25; tries++) {
      codes.push((await rig.inject('POST', '/console/session', {}, '', '127.0.0.9')).status);
    }
    expect(codes.filter((code) => code === 429)).toHaveLength(5);
  });

  it('refuse a large body of nobody who is known, or not trusted, while it has not come', async () => {
    if (!rig.server.app.server.listening) await rig.server.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = new URL(rig.server.app.listeningOrigin);
    const target = `/api/v1/commands/${BODY.kioskPaymentId}/attachment`;
    const announced = (who: TestTerminal) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.once('error', reject);
        socket.once('data', (text) => {
          socket.destroy();
          resolve(String(text));
        });
        const headers = { ...who.headers('POST', target, ''), 'content-type': 'image/png' };
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        // four megabytes are told of, and not one byte is sent
        socket.write(
          `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 4000000\r\n${lines.join('')}\r\n`,
        );
      });
    expect(await announced(new TestTerminal(rig, 'NOBODY'))).toContain('SIGNATURE_REFUSED');
    const copied = await rig.terminal('COPIED');
    await rig.suspect('COPIED');
    expect(await announced(copied)).toContain('TERMINAL_SUSPECT');
    const often = await Promise.all(
      Array.from({ length: 21 }, () => terminal.call('POST', target, { not: 'a picture' })),
    );
    expect(often.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});
