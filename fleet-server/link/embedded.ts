import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  downFilter,
  type LinkAddress,
  linkClientId,
  linkUser,
  MAX_PAYLOAD_BYTES,
  readTopic,
} from '@jolly/contracts/fleet-link';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { claimOf, LONGEST_KEEPALIVE_SECONDS, refusePublish, refuseSubscribe } from './access.ts';
import {
  AROUND_A_PAYLOAD,
  type CallerOf,
  type Listening,
  type ListenOptions,
  listenTcp,
  listenTls,
  listenWebSocket,
  type Threshold,
} from './doors.ts';
import { guardStream, type StreamGuard } from './guarded-stream.ts';
import { KeepsNothing, NobodyElse } from './keeps-nothing.ts';
import type { LinkLimits } from './limits.ts';
import type { Broker, BrokerEvents, LinkGate } from './port.ts';
import type { Refusals } from './refusals.ts';

const BAD_CREDENTIALS = 4;
const UNAVAILABLE = 3;
/** Begins every error that we give aedes ourselves. */
const REFUSED = 'refused: ';

export interface EmbeddedOptions {
  readonly gate: LinkGate;
  readonly clock: Clock;
  readonly limits: LinkLimits;
  readonly refusals: Refusals;
  readonly listen: ListenOptions;
  /** Whose call an upgrade to WebSocket is; the other end's address unless said. */
  readonly callerOf?: CallerOf | undefined;
}

/** A broker in this process. */
export interface EmbeddedBroker extends Broker {
  /** MQTT over WebSocket at LINK_PATH of the server's own port. */
  attach(server: HttpServer): void;
  /** Where it listens besides, once started; ports are the system's where the settings say 0. */
  ports(): { readonly tls?: number | undefined; readonly tcp?: number | undefined };
  connections(): { readonly all: number; readonly known: number };
}

/** What is remembered of a connection. */
interface Visitor {
  /** Undefined where it may be everybody's: then nothing is counted against it. */
  readonly from: string | undefined;
  readonly certificate: (() => Uint8Array | undefined) | undefined;
  readonly guard: StreamGuard;
  claim?: LinkAddress;
  /** Set when its credentials hold. */
  address?: LinkAddress;
}

export function embeddedBroker(options: EmbeddedOptions): EmbeddedBroker {
  const { gate, limits, refusals, clock } = options;
  const visitors = new WeakMap<Client, Visitor>();
  /** Known terminals by client id: where a message that goes down finds its way. */
  const known = new Map<string, Client>();
  const failures = new Failures(limits.failuresPerMinute, clock);
  const doors: Listening[] = [];
  const ports: { tls?: number; tcp?: number } = {};
  let events: BrokerEvents | undefined;
  let all = 0;
  let strangers = 0;
  let handshakes = 0;
  let broker: Aedes | undefined;

  const whoOf = (client: Client | null): string => {
    const visitor = client ? visitors.get(client) : undefined;
    const address = visitor?.address ?? visitor?.claim;
    return address ? linkUser(address) : (visitor?.from ?? 'nobody');
  };

  const accept = (
    conn: Duplex,
    from: string | undefined,
    certificate?: () => Uint8Array | undefined,
    request?: IncomingMessage,
  ) => {
    conn.on('error', () => conn.destroy());
    const refuse = (reason: 'too-many-connections' | 'connect-flood') => {
      refusals.count(reason, from ?? 'nobody');
      conn.destroy();
    };
    if (!broker || all >= limits.connections) return refuse('too-many-connections');
    if (strangers >= limits.strangers || failures.tooMany(from)) return refuse('connect-flood');
    all += 1;
    strangers += 1;
    let visitor: Visitor | undefined;
    const guard = guardStream(conn, {
      clock,
      messagesPerSecond: limits.messagesPerSecond,
      bytesPerSecond: limits.bytesPerSecond,
      refused: (reason) => refusals.count(reason, whoOf(client)),
    });
    const client = broker.handle(conn, request);
    visitor = { from, certificate, guard };
    visitors.set(client, visitor);
    conn.once('close', () => {
      all -= 1;
      if (!visitor?.address) strangers -= 1;
    });
  };

  const threshold: Threshold = {
    enter: (from) => {
      const room = handshakes + strangers < limits.strangers && !failures.tooMany(from);
      if (room) handshakes += 1;
      else refusals.count('connect-flood', from);
      return room;
    },
    leave: () => {
      handshakes -= 1;
    },
  };

  const authenticate = async (client: Client, user: string, password: Uint8Array | undefined) => {
    const visitor = visitors.get(client);
    if (!visitor?.claim) throw new Error('a connection without a claim');
    const certificate = visitor.certificate?.();
    const address = password
      ? await gate.byPassword(user, client.id, password)
      : await gate.byCertificate(user, client.id, certificate ?? new Uint8Array());
    if (linkUser(address) !== linkUser(visitor.claim)) throw new Error('the gate let in somebody else');
    return { visitor, address };
  };

  const open = async () => {
    const mine = new Aedes({
      mq: new NobodyElse(),
      persistence: new KeepsNothing(),
      connectTimeout: limits.connectMs,
      drainTimeout: LONGEST_KEEPALIVE_SECONDS * 1000,
      maxInflightInbound: 1,
      preConnect: (client, packet, done) => {
        const claim = claimOf({
          user: packet.username,
          clientId: packet.clientId,
          clean: packet.clean === true,
          keepalive: packet.keepalive ?? 0,
          will: packet.will && {
            ...packet.will,
            retain: packet.will.retain === true,
            qos: packet.will.qos ?? 0,
          },
        });
        const visitor = visitors.get(client);
        if (claim.ok && visitor) {
          visitor.claim = claim.address;
          return done(null, true);
        }
        const fault = claim.ok ? 'unknown connection' : claim.fault;
        refusals.count('connect-refused', visitor?.from ?? 'nobody', { fault });
        done(new Error(`${REFUSED}${fault}`), false);
      },
      authenticate: (client, user, password, done) => {
        authenticate(client, user ?? '', password).then(
          ({ visitor, address }) => {
            if (client.closed) return;
            visitor.address = address;
            strangers -= 1;
            visitor.guard.admit(MAX_PAYLOAD_BYTES + AROUND_A_PAYLOAD);
            done(null, true);
          },
          (error: unknown) => {
            const ours = isJollyError(error);
            if (ours) failures.add(visitors.get(client)?.from);
            refusals.count(ours ? 'credentials-refused' : 'gate-failed', whoOf(client), {
              ...(ours ? { code: error.code } : { err: error }),
            });
            const answer = new Error(`${REFUSED}credentials`) as AuthenticateError;
            answer.returnCode = ours ? BAD_CREDENTIALS : UNAVAILABLE;
            done(answer, false);
          },
        );
      },
      authorizePublish: (client, packet, done) => {
        const address = client ? visitors.get(client)?.address : undefined;
        const reason = address ? refusePublish(address, packet) : 'forged-topic';
        if (!reason && client) {
          // here and not where aedes hands it on: there nobody knows any more which connection it came by
          const { topic, payload } = packet;
          events?.message(topic, typeof payload === 'string' ? Buffer.from(payload) : payload, client);
          return done(null);
        }
        if (!reason) return done(new Error(`${REFUSED}nobody said it`));
        refusals.count(reason, whoOf(client), { topic: packet.topic.slice(0, 200) });
        done(new Error(`${REFUSED}${reason}`));
      },
      authorizeSubscribe: (client, filter, done) => {
        const address = visitors.get(client)?.address;
        const reason = address ? refuseSubscribe(address, filter) : 'forged-subscription';
        if (!reason) return done(null, filter);
        refusals.count(reason, whoOf(client), { topic: filter.topic.slice(0, 200) });
        done(null, null);
      },
    });
    mine.on('clientReady', (client) => known.set(client.id, client));
    mine.on('clientDisconnect', (client) => {
      if (known.get(client.id) === client) known.delete(client.id);
    });
    const failed = (client: Client, error: Error) => {
      const reason = blameOf(error);
      if (reason) refusals.count(reason, whoOf(client), { message: error.message.slice(0, 200) });
    };
    mine.on('clientError', failed);
    mine.on('connectionError', failed);
    await mine.listen();
    return mine;
  };

  return {
    async start(heard) {
      events = heard;
      broker = await open();
      if (options.listen.tls) {
        const door = await listenTls(options.listen.tls, limits, accept, threshold);
        doors.push(door);
        ports.tls = door.port;
      }
      if (options.listen.tcp) {
        const door = await listenTcp(options.listen.tcp, limits, accept);
        doors.push(door);
        ports.tcp = door.port;
      }
      heard.connected(true);
    },
    attach(server) {
      doors.push(listenWebSocket(server, accept, options.callerOf ?? ownAddress));
    },
    ports: () => ports,
    connections: () => ({ all, known: known.size }),
    has: (user) => {
      const client = clientOf(known, user);
      return client !== undefined && !client.closed;
    },
    // nothing is retained, and nobody else heard it
    refresh: async () => undefined,
    async publish(topic, payload) {
      const read = readTopic(topic);
      const client = read && known.get(linkClientId(read));
      if (!client || client.closed || !read) return;
      const hears = subscriptionsOf(client);
      if (!(downFilter(read) in hears || topic in hears)) return;
      const { conn } = client;
      if (conn.writableLength > limits.outgoingBytes) {
        refusals.count('slow-reader', whoOf(client), { bytes: conn.writableLength });
        conn.destroy();
        return;
      }
      await new Promise<void>((resolve) => {
        client.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () =>
          resolve(),
        );
      });
    },
    async disconnect(user, connection) {
      const client = clientOf(known, user);
      if (client && (connection ?? client) === client)
        await new Promise<void>((resolve) => client.close(resolve));
    },
    async close() {
      events = undefined;
      for (const door of doors.splice(0)) await door.close();
      const closing = broker;
      broker = undefined;
      if (closing) await new Promise<void>((resolve) => closing.close(resolve));
    },
  };
}

function clientOf(known: ReadonlyMap<string, Client>, user: string): Client | undefined {
  const [tenantId = '', terminalId = ''] = user.split('/');
  return known.get(linkClientId({ tenantId, terminalId }));
}

/** What an error of a connection is counted as: a line that broke is nobody's fault, and what we refused is counted where we did. */
function blameOf(error: Error): 'slow-reader' | 'protocol-error' | undefined {
  if (error.message === 'drain timeout') return 'slow-reader';
  const broken = 'code' in error || error.message === 'keep alive timeout';
  return broken || error.message.startsWith(REFUSED) ? undefined : 'protocol-error';
}

/** aedes' types do not name it, its documentation does. */
function subscriptionsOf(client: Client): object {
  return 'subscriptions' in client && typeof client.subscriptions === 'object' && client.subscriptions
    ? client.subscriptions
    : {};
}

const ownAddress: CallerOf = (request) => request.socket.remoteAddress;

/** Refused credentials by address, a minute at a time. */
class Failures {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #minute = 0;

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  add(from: string | undefined): void {
    if (from === undefined) return;
    this.#turn();
    // bounded: beyond this many addresses a minute they are all one
    const key = this.#counts.size < 10_000 ? from : '';
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  tooMany(from: string | undefined): boolean {
    if (from === undefined) return false;
    this.#turn();
    return (this.#counts.get(from) ?? 0) >= this.#most;
  }

  #turn(): void {
    const minute = Math.floor(this.#clock.monotonic() / 60_000);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#counts.clear();
  }
}
