import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CardEvidence,
  CONSOLE_SESSION_ROUTE,
  ConsoleMe,
  CSRF_HEADER,
  canonicalRequest,
  PEOPLE_ROUTES,
  type Role,
  SIGNATURE_HEADERS,
  TotpEnrolment,
} from '@jolly/contracts/fleet-api';
import { cents, ManualClock, uuidv7 } from '@jolly/contracts/values';
import type { LightMyRequestResponse } from 'fastify';
import { Secret as OtpSecret, TOTP } from 'otpauth';
import { ServerConfig } from '../config.ts';
import type { IdentityTables } from '../identity/index.ts';
import { createPerson, makePasswordLink } from '../people/index.ts';
import { allMigrations } from '../schema.ts';
import { openKeyring } from '../sealing/index.ts';
import { buildServer, type FleetServer, type ServerParts } from '../server.ts';
import { openStore, type Store } from '../store/index.ts';
import { ScriptedGateway } from './scripted-gateway.ts';
import { type TestStore, testStore } from './test-store.ts';

export const TENANT = 'prova';
export const NOTICE = { noticeNumber: '302000000000123456', creditorTaxCode: '77777777777' };
export const ENROLMENT_CODE = 'prova-2026-codice';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly raw: Pick<LightMyRequestResponse, 'headers'>;
}

const JSON_BODY = { 'content-type': 'application/json' };

/** What an authenticator shows. */
export function codeOf(secret: string, now: number): string {
  return TOTP.generate({ secret: OtpSecret.fromBase32(secret), timestamp: now });
}

/** Where a test terminal's calls go: the server in memory, or a process. */
export interface Reach {
  readonly clock: { now(): number };
  inject(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    headers: Record<string, string>,
    body: string,
    remoteAddress?: string,
  ): Promise<Answer>;
}

/** What a POS would have proved. */
export function evidence(chargedAt: number): CardEvidence {
  return {
    posTerminalId: '12345678',
    stan: '000123',
    onlineId: '123456789012',
    authCode: 'A1B2C3',
    maskedPan: '453201******1234',
    cardType: 'debit',
    chargedAt,
    amountCents: cents(12_345),
  };
}

/** A terminal with its own key, calling the server in memory. */
export class TestTerminal {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  readonly #rig: Reach;

  constructor(
    rig: Reach,
    terminalId: string,
    tenantId = TENANT,
    privateKey = generateKeyPairSync('ed25519').privateKey,
  ) {
    this.tenantId = tenantId;
    this.privateKey = privateKey;
    this.publicKey = createPublicKey(privateKey)
      .export({ format: 'der', type: 'spki' })
      .toString('base64url');
    this.terminalId = terminalId;
    this.#rig = rig;
  }

  /** The same key under another name. */
  as(tenantId: string, terminalId: string): TestTerminal {
    return new TestTerminal(this.#rig, terminalId, tenantId, this.privateKey);
  }

  headers(
    method: string,
    target: string,
    body: string,
    over: { readonly timestamp?: number; readonly nonce?: string; readonly tenantId?: string } = {},
  ): Record<string, string> {
    const timestamp = over.timestamp ?? this.#rig.clock.now();
    const nonce = over.nonce ?? randomBytes(16).toString('base64url');
    const tenantId = over.tenantId ?? this.tenantId;
    const text = canonicalRequest({
      method,
      target,
      tenantId,
      terminalId: this.terminalId,
      timestamp,
      nonce,
      bodySha256Hex: createHash('sha256').update(body).digest('hex'),
    });
    return {
      [SIGNATURE_HEADERS.tenant]: tenantId,
      [SIGNATURE_HEADERS.terminal]: this.terminalId,
      [SIGNATURE_HEADERS.timestamp]: String(timestamp),
      [SIGNATURE_HEADERS.nonce]: nonce,
      [SIGNATURE_HEADERS.signature]: sign(null, Buffer.from(text), this.privateKey).toString('base64url'),
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
    };
  }

  /** `more`: headers that are not part of the signature. */
  call(
    method: 'GET' | 'POST' | 'DELETE',
    target: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return this.#rig.inject(method, target, { ...this.headers(method, target, text), ...more }, text);
  }

  enrol(code = ENROLMENT_CODE, remoteAddress?: string): Promise<Answer> {
    const target = '/api/v1/enrolment';
    const text = JSON.stringify({
      tenantId: this.tenantId,
      terminalId: this.terminalId,
      publicKey: this.publicKey,
      site: 'Municipio',
      code,
    });
    return this.#rig.inject('POST', target, this.headers('POST', target, text), text, remoteAddress);
  }

  /** Verify and activate: a payment ready for its card. Resolves to its id. */
  async activated(amountCents = 12_345, notice = NOTICE): Promise<string> {
    const id = uuidv7(this.#rig.clock.now());
    await this.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice });
    await this.call('POST', `/api/v1/payments/${id}/activate`, { notice, amountCents });
    return id;
  }

  charged(id: string, over: Partial<CardEvidence> = {}): Promise<Answer> {
    return this.call('POST', `/api/v1/payments/${id}/outcome`, {
      outcome: 'OK',
      card: { ...evidence(this.#rig.clock.now()), ...over },
    });
  }

  async state(id: string): Promise<unknown> {
    return (await this.call('GET', `/api/v1/payments/${id}`)).body;
  }
}

/** A person at the console, signed in. */
export interface TestPerson {
  readonly me: ConsoleMe;
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

/** The whole server on a real SQLite file, with the clock and the gateway in the test's hands. */
export class Rig {
  readonly clock: ManualClock;
  readonly folder = mkdtempSync(join(tmpdir(), 'jolly-fleet-'));
  gateway = new ScriptedGateway();
  #server: FleetServer | undefined;
  #config: ServerConfig;
  #terminals = 0;
  #callers = 0;
  #parts: Partial<ServerParts>;
  #database: TestStore | undefined;
  readonly #stores: Store[] = [];

  constructor(
    over: Partial<ServerConfig> = {},
    parts: Partial<Omit<ServerParts, 'clock'>> & { readonly clock?: ManualClock } = {},
  ) {
    this.#parts = parts;
    this.clock = parts.clock ?? new ManualClock();
    this.#config = {
      ...ServerConfig.parse({
        mode: 'demo',
        listen: { host: '127.0.0.1', port: 0 },
        dataDir: this.folder,
        masterKeyFile: join(this.folder, 'master.key'),
        tenants: [{ id: TENANT, name: 'Comune di Prova', creditorTaxCode: '77777777777' }],
        gateway: {
          kind: 'node-soap',
          url: 'http://127.0.0.1:1',
          pspName: 'Banca Dimostrativa',
          pspTaxCode: '02654890025',
          idPsp: 'BDIMITMM',
          idBrokerPsp: '02654890025',
          idChannel: '02654890025_01',
        },
        demo: { enrolmentCode: ENROLMENT_CODE },
      }),
      ...over,
    };
  }

  get server(): FleetServer {
    if (!this.#server) throw new Error('the rig is not started');
    return this.#server;
  }

  /** The same store as the server's, beside it: for tests that look into it. To be closed by who asks. */
  async look(): Promise<Store> {
    this.#database ??= await testStore();
    return openStore({ dataDir: this.folder, store: this.#database.settings }, allMigrations);
  }

  /** All that the server has written, wherever it is: for tests of what must not be in it. */
  async remembered(): Promise<string[]> {
    const files = readdirSync(this.folder).map((name) => readFileSync(join(this.folder, name), 'latin1'));
    return [...files, ...((await this.#database?.texts()) ?? [])];
  }

  /** The store of the server that runs now. */
  get store(): Store {
    const store = this.#stores.at(-1);
    if (!store) throw new Error('the rig is not started');
    return store;
  }

  async start(): Promise<this> {
    const store = this.#parts.store ?? (await this.look());
    this.#stores.push(store);
    this.#server = await buildServer({
      config: this.#config,
      clock: this.clock,
      keyring: openKeyring(this.#config.masterKeyFile),
      makeGateway: () => this.gateway,
      // A password that costs as much as a real one would make each test last seconds.
      passwordCost: { logN: 4, r: 8, p: 1 },
      ...this.#parts,
      store,
    });
    return this;
  }

  /** Another process on the same files; the one before is simply never spoken to again, as after a kill. */
  restart(): Promise<this> {
    return this.start();
  }

  /** Moves the clock, then does what became due. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.server.payments.worker.runDue();
  }

  async terminal(terminalId = 'TOTEM-01', tenantId = TENANT): Promise<TestTerminal> {
    const terminal = new TestTerminal(this, terminalId, tenantId);
    // an address of its own: the door slows down who tries often from one
    await terminal.enrol(ENROLMENT_CODE, `127.1.0.${(this.#terminals++ % 250) + 1}`);
    return terminal;
  }

  /** As when its key was noticed in two places. */
  async suspect(terminalId: string, tenantId = TENANT): Promise<void> {
    await this.store
      .of<IdentityTables>()
      .updateTable('terminal')
      .set({ status: 'suspect', suspect_why: 'stale-lease' })
      .where('tenant_id', '=', tenantId)
      .where('terminal_id', '=', terminalId)
      .execute();
  }

  card(): CardEvidence {
    return evidence(this.clock.now());
  }

  async inject(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD',
    url: string,
    headers: Record<string, string> = {},
    payload = '',
    remoteAddress = '127.0.0.1',
  ): Promise<Answer> {
    const raw = await this.server.app.inject({
      method,
      url,
      headers,
      remoteAddress,
      ...(payload === '' ? {} : { payload }),
    });
    const json = /[/+]json\b/.test(String(raw.headers['content-type'] ?? ''));
    return { status: raw.statusCode, body: json && raw.body !== '' ? JSON.parse(raw.body) : raw.body, raw };
  }

  async signIn(user = 'demo'): Promise<TestPerson> {
    return this.signedIn(
      await this.inject('POST', CONSOLE_SESSION_ROUTE, JSON_BODY, JSON.stringify({ user }), this.address()),
    );
  }

  /** A new person of that role, signed in with password and second factor; as quick as the rig's password cost. */
  async person(role: Role, tenantId = TENANT, user = `${role}-${tenantId}`): Promise<TestPerson> {
    const { store } = this;
    const now = this.clock.now();
    const made = await store.transaction(async (tx) => {
      const person = await createPerson(tx, now, { user, name: user, role, way: 'local', tenantId });
      return { person, ...(await makePasswordLink(tx, now, person)) };
    });
    const password = `una frase lunga di ${user.length} parole sue`;
    await this.open('POST', PEOPLE_ROUTES.password, { token: made.token, password });
    const first = this.signedIn(await this.open('POST', PEOPLE_ROUTES.local, { user, password }));
    if (!first.me.totpNeeded) return this.into(first, tenantId);
    const enrolment = TotpEnrolment.parse((await first.post(PEOPLE_ROUTES.myTotp, {})).body);
    const totp = codeOf(enrolment.secret, this.clock.now());
    return this.into(this.signedIn(await first.post(PEOPLE_ROUTES.confirmTotp, { totp })), tenantId);
  }

  /** A call that needs no session, from an address of its own: the doors slow down who tries often from one. */
  open(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return this.inject(method, path, JSON_BODY, text, this.address());
  }

  /** The person whose session an answer gave. */
  signedIn(answer: Answer): TestPerson {
    const me = ConsoleMe.parse(answer.body);
    const cookie = String(answer.raw.headers['set-cookie']).split(';')[0] ?? '';
    const headers = { ...JSON_BODY, cookie, [CSRF_HEADER]: me.csrf };
    const send: TestPerson['send'] = (method, path, body) =>
      body === undefined
        ? this.inject(method, path, { cookie, [CSRF_HEADER]: me.csrf })
        : this.inject(method, path, headers, JSON.stringify(body));
    return {
      me,
      cookie,
      get: (path) => this.inject('GET', path, { cookie }),
      post: (path, body) => send('POST', path, body),
      send,
      put: (path, body) => send('PUT', path, body),
      delete: (path) => send('DELETE', path),
    };
  }

  private async into(person: TestPerson, tenantId: string): Promise<TestPerson> {
    if (person.me.tenantId === tenantId) return person;
    return this.signedIn(await person.post(PEOPLE_ROUTES.tenant, { tenantId }));
  }

  private address(): string {
    this.#callers += 1;
    return `127.2.${Math.floor(this.#callers / 250) % 250}.${(this.#callers % 250) + 1}`;
  }

  async close(): Promise<void> {
    await this.server.close();
    // those of servers that were never spoken to again
    for (const store of this.#stores.slice(0, -1)) await store.close();
    await this.#database?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
