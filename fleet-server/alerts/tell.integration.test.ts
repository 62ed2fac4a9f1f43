import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertSettings } from '@jolly/contracts/fleet-api';
import { ManualClock, Secret } from '@jolly/contracts/values';
import { fastify } from 'fastify';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailer } from '../mail/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { type TestStore, testStore } from '../testing/index.ts';
import { webhookSender } from '../webhooks/index.ts';
import { reconcile } from './records.ts';
import type { Condition } from './rules.ts';
import { storeSettings } from './settings.ts';
import { alertMigrations } from './tables.ts';
import { Teller } from './tell.ts';

const TENANT = 'prova';
const TERMINAL = { tenantId: TENANT, terminalId: 'PO-09' };
const MINUTE = 60_000;
const SECRET = 'a-webhook-secret';
const GONE: Condition = { rule: 'offline', subject: '', severity: 'critical', detail: {} };

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

describe('alerts that stay open', () => {
  const clock = new ManualClock();
  const mails: string[] = [];
  const hooks: { readonly headers: Record<string, unknown>; readonly body: string }[] = [];
  let mailAnswers: 'takes' | 'refuses';
  let smtp: SMTPServer;
  let receiver: Server;
  let store: Store;
  let place: TestStore;
  let folder: string;
  let teller: Teller;

  beforeEach(async () => {
    mails.length = 0;
    hooks.length = 0;
    mailAnswers = 'takes';
    folder = mkdtempSync(join(tmpdir(), 'jolly-alerts-'));
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (bytes: Buffer) => {
          text += bytes.toString('utf8');
        });
        stream.on('end', () => {
          if (mailAnswers === 'refuses') return done(new Error('no room'));
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((ready) => smtp.listen(0, '127.0.0.1', ready));
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes: Buffer) => {
        body += bytes.toString('utf8');
      });
      request.on('end', () => {
        hooks.push({ headers: request.headers, body });
        response.end();
      });
    });
    await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
    place = await testStore({ empty: true });
    store = await openStore({ dataDir: folder, store: place.settings }, alertMigrations);
    teller = new Teller(options());
    const settings: AlertSettings = {
      rules: {},
      escalation: [
        { afterMinutes: 5, minSeverity: 'warning', emails: ['turno@prova.example'], webhooks: [] },
        {
          afterMinutes: 30,
          minSeverity: 'critical',
          emails: [],
          webhooks: [`http://127.0.0.1:${portOf(receiver)}/hook`],
        },
      ],
      publicStatus: true,
    };
    await storeSettings(store, TENANT, settings, clock.now());
  });
  afterEach(async () => {
    await new Promise<void>((closed) => smtp.close(closed));
    receiver.close();
    await store.close();
    await place.drop();
    rmSync(folder, { recursive: true });
  });

  const options = () => ({
    store,
    clock,
    log: fastify({ logger: false }).log,
    sendMail: mailer(
      {
        host: '127.0.0.1',
        port: portOf(smtp.server),
        tls: false,
        plain: true,
        from: 'jolly@prova.example',
      },
      async () => undefined,
    ),
    sendWebhook: webhookSender({ privateAddresses: true, timeoutMs: 5_000 }),
    webhookSecret: async () => new Secret(SECRET),
    municipality: () => ({ name: 'Comune di Prova', timeZone: 'Europe/Rome' }),
    siteOf: async () => 'Piazza Mercatale',
    console: () => 'https://jolly.prova.example/console/',
  });

  const wrong = (...conditions: Condition[]) =>
    store.transaction((tx) => reconcile(tx, TERMINAL, conditions, { now: clock.now(), quiet: false }));
  const after = async (ms: number) => {
    clock.advance(ms);
    await teller.round(TENANT);
  };

  it('are told step by step, once each, and their end to who was told of their beginning', async () => {
    await wrong(GONE);
    await after(4 * MINUTE);
    expect(mails).toEqual([]);
    await after(MINUTE);
    await after(MINUTE);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain('PO-09 Piazza Mercatale');
    expect(hooks).toEqual([]);
    await after(24 * MINUTE);
    expect(hooks).toHaveLength(1);
    const [hook] = hooks;
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = hook?.headers ?? {};
    const expected = createHmac('sha256', SECRET).update(`${id}.${at}.${hook?.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(JSON.parse(hook?.body ?? '')).toMatchObject({ type: 'alert.open', tenantId: TENANT });
    await wrong();
    await after(MINUTE);
    await after(MINUTE);
    expect(mails).toHaveLength(2);
    expect(hooks.map(({ body }) => JSON.parse(body).type)).toEqual(['alert.open', 'alert.healed']);
  });

  it('a mail server that refuses is tried again until it takes', async () => {
    mailAnswers = 'refuses';
    await wrong(GONE);
    await after(5 * MINUTE);
    await after(MINUTE);
    mailAnswers = 'takes';
    expect(mails).toEqual([]);
    await after(2 * MINUTE);
    expect(mails).toHaveLength(1);
  });

  it('however many wait for a later step, a new one is told', async () => {
    for (let at = 0; at < 250; at += 1) {
      await store.transaction((tx) =>
        reconcile(tx, { ...TERMINAL, terminalId: `T-${at}` }, [GONE], { now: clock.now(), quiet: false }),
      );
    }
    await after(6 * MINUTE);
    await after(1_000);
    expect(mails).toHaveLength(250);
    await wrong(GONE);
    await after(6 * MINUTE);
    expect(mails.at(-1)).toContain('PO-09');
    expect(mails).toHaveLength(251);
  });

  it('a trouble that comes back after its end was told is told again', async () => {
    await wrong(GONE);
    await after(5 * MINUTE);
    await wrong();
    await after(MINUTE);
    expect(mails).toHaveLength(2);
    await wrong(GONE);
    await after(4 * MINUTE);
    expect(mails).toHaveLength(2);
    await after(MINUTE);
    expect(mails).toHaveLength(3);
  });

  it('a receiver that is silent is asked once a round, and keeps up nobody else', async () => {
    let asked = 0;
    const patient = new Teller({
      ...options(),
      sendWebhook: async () => {
        asked += 1;
        throw new Error('silence');
      },
    });
    for (let at = 0; at < 40; at += 1) {
      await store.transaction((tx) =>
        reconcile(tx, { ...TERMINAL, terminalId: `T-${at}` }, [GONE], { now: clock.now(), quiet: false }),
      );
    }
    clock.advance(31 * MINUTE);
    await patient.round(TENANT);
    expect(mails).toHaveLength(40);
    // as many as are looked at together
    expect(asked).toBeLessThanOrEqual(8);
  });

  it('one that heals before its first step is told to nobody', async () => {
    await wrong(GONE);
    clock.advance(MINUTE);
    await wrong();
    await after(60 * MINUTE);
    expect([mails, hooks]).toEqual([[], []]);
  });
});
