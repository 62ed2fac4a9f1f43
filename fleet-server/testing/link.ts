import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import type { Server } from 'node:http';
import { LINK_PATH } from '@jolly/contracts/fleet-api';
import {
  type Down,
  downFilter,
  type Entry,
  type Envelope,
  type Hello,
  KEEPALIVE_SECONDS,
  LINK_VERSION,
  type LinkAddress,
  LinkPassword,
  linkClientId,
  linkProof,
  linkUser,
  type Reported,
  readLinkUser,
  readTopic,
  SignedDown,
  signedDown,
  type Up,
  upTopic,
  Welcome,
} from '@jolly/contracts/fleet-link';
import { type Clock, uuidv7 } from '@jolly/contracts/values';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { createChanges } from '../changes/index.ts';
import {
  type EmbeddedBroker,
  embeddedBroker,
  type Leases,
  LINK_LIMITS,
  type LinkGate,
  type LinkLimits,
  type LinkParts,
  type ListenOptions,
  type OpenLink,
  openLink,
  Refusals,
} from '../link/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';

/** A key pair as both ends of a test need it. */
export function linkKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey,
    publicKey,
    sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

/** Lets in whoever it was given, by signed password; no certificates, no nonces kept. The server's own gate is in enrolment/. */
export class PlainGate implements LinkGate {
  readonly keys = new Map<string, KeyObject>();

  async byPassword(user: string, clientId: string, password: Uint8Array): Promise<LinkAddress> {
    const key = this.keys.get(user);
    const address = readLinkUser(user);
    const read = LinkPassword.safeParse(JSON.parse(Buffer.from(password).toString()));
    if (!key || !address || !read.success) throw fail('SIGNATURE_REFUSED');
    const text = linkProof({ user, clientId, timestamp: read.data.timestamp, nonce: read.data.nonce });
    const signature = Buffer.from(read.data.signature, 'base64url');
    if (!verify(null, Buffer.from(text), key, signature)) throw fail('SIGNATURE_REFUSED');
    return address;
  }

  async byCertificate(_user: string, _clientId: string, _der: Uint8Array): Promise<LinkAddress> {
    throw fail('SIGNATURE_REFUSED');
  }
}

/** Gives every hello a new lease. */
const boots = new Map<string, string>();
export const plainLeases: Leases = {
  async greet(_tx, from, { boot }) {
    boots.set(linkUser(from), boot);
    return { lease: randomBytes(18).toString('base64url') };
  },
  welcomedBoot: async (_tables, from) => boots.get(linkUser(from)),
  confirm: async () => undefined,
};

export interface TestLink {
  readonly link: OpenLink;
  readonly embedded: EmbeddedBroker;
  readonly refusals: Refusals;
  readonly gate: PlainGate;
  /** Under which what goes down is signed. */
  readonly serverKey: KeyObject;
  readonly logged: readonly unknown[];
}

/**
 * A link with an embedded broker on a real store: `openTestLink({ store, clock, server })`, where `server` is the HTTP server that takes the
 * WebSockets (or none, with `listen: { tcp: { host: '127.0.0.1', port: 0 } }`). Give `gate.keys` each terminal's public key
 * under its user name, then `await link.start()`; at the end `await link.close()`.
 */
export function openTestLink(
  parts: { readonly store: Store; readonly clock: Clock; readonly server?: Server } & Partial<LinkParts> & {
      readonly listen?: ListenOptions;
      readonly over?: Partial<LinkLimits>;
    },
): TestLink {
  const logged: unknown[] = [];
  const log = {
    warn: (...line: unknown[]) => {
      logged.push(line);
    },
    error: (...line: unknown[]) => {
      logged.push(line);
    },
  };
  const refusals = new Refusals(log);
  const gate = new PlainGate();
  const limits = { ...LINK_LIMITS, ...parts.over };
  const key = linkKey();
  const embedded = embeddedBroker({ gate, clock: parts.clock, limits, refusals, listen: parts.listen ?? {} });
  if (parts.server) embedded.attach(parts.server);
  const broker = parts.broker ?? embedded;
  const link = openLink({
    changes: createChanges(),
    log,
    leases: plainLeases,
    admits: async () => true,
    sign: key.sign,
    limits,
    refusals,
    ...parts,
    broker,
  });
  return { link, embedded, refusals, gate, serverKey: key.publicKey, logged };
}

/** How a terminal might say that it is. */
export function reportedOf(changes: Partial<Reported> = {}): Reported {
  return {
    software: '0.5.0',
    startedAt: 0,
    mode: 'in-service',
    devices: [],
    limitations: [],
    consumables: [],
    openPayments: 0,
    inSession: false,
    settings: { version: 0 },
    backlog: { letters: 0, entries: 0, dropped: 0 },
    host: { memoryFreeMb: 100, memoryTotalMb: 1000 },
    network: { reconnects: 0 },
    ...changes,
  };
}

/** An entry of telemetry, or whatever else. */
export function entryOf(
  at: number,
  data: Entry['data'] = { kind: 'telemetry', metrics: { load: 1 } },
): Entry {
  return { id: uuidv7(at), at, data };
}

/** A terminal on the link, over the real protocol, with nothing of a terminal's cleverness. */
export class LinkTerminal {
  readonly address: LinkAddress;
  readonly key = linkKey();
  readonly boot = randomUUID();
  readonly heard: { readonly kind: Down; readonly envelope: Envelope<unknown> }[] = [];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #serverKey: KeyObject;
  #waiting: (() => void)[] = [];
  #client: MqttClient | undefined;
  #lease: string | null = null;
  /** The connection on which it was welcomed. */
  #welcomed: MqttClient | undefined;

  constructor(address: LinkAddress, clock: Pick<Clock, 'now'>, serverKey: KeyObject) {
    this.address = address;
    this.#clock = clock;
    this.#serverKey = serverKey;
  }

  get client(): MqttClient {
    if (!this.#client) throw new Error('not connected');
    return this.#client;
  }

  get user(): string {
    return linkUser(this.address);
  }

  password(): string {
    const clientId = linkClientId(this.address);
    const timestamp = this.#clock.now();
    const nonce = randomBytes(16).toString('base64url');
    const signature = this.key.sign(linkProof({ user: this.user, clientId, timestamp, nonce }));
    return JSON.stringify({ timestamp, nonce, signature });
  }

  options(): IClientOptions {
    return {
      clientId: linkClientId(this.address),
      username: this.user,
      password: this.password(),
      protocolVersion: 4,
      clean: true,
      keepalive: KEEPALIVE_SECONDS,
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      will: {
        topic: upTopic(this.address, 'presence'),
        payload: Buffer.from(JSON.stringify({ online: false, boot: this.boot, why: 'lost' })),
        qos: 1,
        retain: true,
      },
    };
  }

  /** `url`: `ws://127.0.0.1:7301`, `mqtt://…`, `mqtts://…`. */
  async connect(url: string, over: IClientOptions = {}): Promise<this> {
    const full = url.startsWith('ws') ? `${url}${LINK_PATH}` : url;
    this.#client = await connectAsync(full, { ...this.options(), ...over }, false);
    this.#client.on('error', () => undefined);
    this.#client.on('message', (topic, payload) => this.#hear(topic, payload));
    await this.#client.subscribeAsync(downFilter(this.address), { qos: 1 });
    await this.say('presence', { online: true, boot: this.boot, why: 'connected' });
    return this;
  }

  /** Sends a batch and waits for its acknowledgement; says hello before, if it was not welcomed yet. */
  async send(entries: readonly unknown[], dropped = 0): Promise<Envelope<unknown>> {
    if (this.#welcomed !== this.#client) await this.greet();
    const id = await this.say('entries', { entries, dropped });
    return this.next('ack', id);
  }

  /** Wraps the body, unless it is a presence; resolves to the envelope's id when the broker has it. */
  async say(
    kind: Up,
    body: unknown,
    more: { readonly corr?: string; readonly exp?: number } = {},
  ): Promise<string> {
    const at = this.#clock.now();
    const id = uuidv7(at);
    const message = kind === 'presence' ? body : { v: LINK_VERSION, id, at, ...more, body };
    await this.client.publishAsync(upTopic(this.address, kind), JSON.stringify(message), {
      qos: 1,
      retain: kind === 'presence',
    });
    return id;
  }

  /** Says who it is and waits to be welcomed. */
  async greet(hello: Partial<Hello> = {}): Promise<Welcome> {
    const body = {
      boot: this.boot,
      software: '0.5.0',
      lease: this.#lease,
      machine: 'm',
      settings: 0,
      ...hello,
    };
    const id = await this.say('hello', body);
    const welcome = Welcome.parse((await this.next('welcome', id)).body);
    this.#lease = welcome.lease;
    this.#welcomed = this.#client;
    return welcome;
  }

  /** The next message of that kind that was not waited for yet. */
  async next(kind: Down, corr?: string): Promise<Envelope<unknown>> {
    for (;;) {
      const at = this.heard.findIndex(
        (each) => each.kind === kind && (corr === undefined || each.envelope.corr === corr),
      );
      const [found] = at < 0 ? [] : this.heard.splice(at, 1);
      if (found) return found.envelope;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** As when the power goes. */
  cut(): void {
    this.client.stream.destroy();
  }

  async end(): Promise<void> {
    await this.#client?.endAsync(true);
  }

  #hear(topic: string, payload: Uint8Array): void {
    const read = readTopic(topic);
    const { signed, sig } = SignedDown.parse(JSON.parse(Buffer.from(payload).toString()));
    const text = Buffer.from(signedDown(topic, signed));
    if (read?.way !== 'down' || !verify(null, text, this.#serverKey, Buffer.from(sig, 'base64url'))) {
      throw new Error('what came down is not signed');
    }
    this.heard.push({ kind: read.kind, envelope: JSON.parse(signed) as Envelope<unknown> });
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
