import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { LinkAccess } from '@jolly/contracts/fleet-api';
import {
  type Down,
  downTopic,
  Entries,
  type Entry,
  envelopeOf,
  Hello,
  type LinkAddress,
  Presence,
  ReportedMessage,
  readTopic,
  signedDown,
  type Up,
} from '@jolly/contracts/fleet-link';
import { applyMergePatch, type Json } from '@jolly/contracts/twin';
import { uuidv7 } from '@jolly/contracts/values';
import { Aedes } from 'aedes';

/** What came up from the terminal, in order. */
export interface Came {
  readonly kind: Up;
  readonly id: string | undefined;
  readonly body: unknown;
  readonly retained: boolean;
}

/**
 * The server's end of the link with a real broker and a script: answers as a server does, unless it is told to be silent, and can cut
 * the wire at any message.
 */
export class FleetEnd {
  readonly address: LinkAddress;
  readonly came: Came[] = [];
  /** Stored once by their id, as the server does; how often each came. */
  readonly entries = new Map<string, { readonly entry: Entry; times: number }>();
  /** Answers that are not given. */
  readonly silent = new Set<Down>();
  /** Before the message is taken: true cuts the wire instead. */
  cutAt: (came: Came) => boolean = () => false;
  /** Entries that are told as refused. */
  refuse: (entry: Entry) => boolean = () => false;
  reported: Json | undefined;
  lease = 0;
  dropped = 0;
  readonly passwords: string[] = [];
  readonly #key: KeyObject;
  readonly serverKey: string;
  readonly #sockets = new Set<Socket>();
  #broker: Aedes | undefined;
  #server: Server | undefined;
  #port = 0;

  constructor(address: LinkAddress) {
    this.address = address;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.serverKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  }

  get access(): LinkAccess {
    return { urls: [`mqtt://127.0.0.1:${this.#port}`], serverKeys: [this.serverKey] };
  }

  async start(): Promise<void> {
    const broker = await Aedes.createBroker();
    broker.authenticate = (_client, user, password, done) => {
      if (password) this.passwords.push(password.toString());
      done(null, user === `${this.address.tenantId}/${this.address.terminalId}`);
    };
    broker.authorizePublish = (client, packet, done) => {
      const read = readTopic(packet.topic);
      if (client && read?.way === 'up' && this.#cuts(read.kind, packet.payload)) {
        client.conn.destroy();
        return done(new Error('cut'));
      }
      done(null);
    };
    broker.on('publish', (packet, client) => {
      const read = readTopic(packet.topic);
      // a will comes without its client
      if (read?.way === 'up') this.#take(read.kind, packet.payload, packet.retain, client !== null);
    });
    this.#broker = broker;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      broker.handle(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Pulls the cable of every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** The broker is away until it is started again, at the same address. */
  async stop(): Promise<void> {
    this.cut();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server?.close(() => resolve());
    await promise;
    await new Promise<void>((done) => this.#broker?.close(() => done()));
  }

  of(kind: Up): readonly Came[] {
    return this.came.filter((each) => each.kind === kind);
  }

  send(kind: Down, body: unknown, more: { corr?: string; exp?: number; id?: string } = {}): string {
    const { id = uuidv7(Date.now()), ...rest } = more;
    const topic = downTopic(this.address, kind);
    this.publish(topic, this.signed(topic, { v: 1, id, at: Date.now(), ...rest, body }));
    return id;
  }

  signed(topic: string, envelope: unknown): string {
    const signed = JSON.stringify(envelope);
    const sig = sign(null, Buffer.from(signedDown(topic, signed)), this.#key).toString('base64url');
    return JSON.stringify({ signed, sig });
  }

  /** Anything, as a broker that is not ours could. */
  publish(topic: string, payload: string | Buffer): void {
    this.#broker?.publish(
      { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false },
      () => undefined,
    );
  }

  #cuts(kind: Up, payload: string | Buffer): boolean {
    return this.cutAt({ kind, ...read(payload), retained: false });
  }

  #take(kind: Up, payload: string | Buffer, retained: boolean, _live: boolean): void {
    const came: Came = { kind, ...read(payload), retained };
    this.came.push(came);
    const corr = came.id === undefined ? {} : { corr: came.id };
    switch (kind) {
      case 'hello':
        envelopeOf(Hello).parse(JSON.parse(String(payload)));
        if (!this.silent.has('welcome'))
          this.send('welcome', { lease: `lease-with-number-${++this.lease}`, now: Date.now() }, corr);
        return;
      case 'reported': {
        const { body } = envelopeOf(ReportedMessage).parse(JSON.parse(String(payload)));
        this.reported =
          body.form === 'whole'
            ? (body.reported as Json)
            : applyMergePatch(this.reported, body.patch as Json);
        return;
      }
      case 'entries': {
        const { body } = envelopeOf(Entries).parse(JSON.parse(String(payload)));
        this.dropped = body.dropped;
        const refused = body.entries.filter(this.refuse).map(({ id }) => id);
        for (const entry of body.entries) {
          if (refused.includes(entry.id)) continue;
          const known = this.entries.get(entry.id);
          if (known) known.times++;
          else this.entries.set(entry.id, { entry, times: 1 });
        }
        if (!this.silent.has('ack')) this.send('ack', { refused }, corr);
        return;
      }
      case 'presence':
        Presence.parse(JSON.parse(String(payload)));
    }
  }
}

function read(payload: string | Buffer): { id: string | undefined; body: unknown } {
  const value = JSON.parse(String(payload)) as { id?: string; body?: unknown };
  return { id: value.id, body: value.body ?? value };
}
