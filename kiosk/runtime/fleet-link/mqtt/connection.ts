import type { LinkAccess } from '@jolly/contracts/fleet-api';
import { KEEPALIVE_SECONDS, MAX_PAYLOAD_BYTES } from '@jolly/contracts/fleet-link';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { LinkCredentials } from './port.ts';

/** Of TCP, TLS, WebSocket, and the broker's word. */
const CONNECT_MS = 20_000;
/** A packet is a payload and its topic. */
const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + 4096;

export interface ConnectionEvents {
  /** The broker has taken us in and gives us what is ours. */
  ready(): void;
  message(topic: string, payload: Uint8Array): void;
  /** Once, at the end; whatever the reason. */
  ended(why: string): void;
}

interface Testament {
  readonly topic: string;
  readonly online: string;
  readonly lost: string;
}

/** One connection to a broker, from its beginning to its end: nothing is queued in it and it never comes back by itself. */
export class Connection {
  readonly #client: MqttClient;
  readonly #events: ConnectionEvents;
  #ended = false;
  #why = 'closed';

  constructor(
    url: string,
    settings: {
      readonly credentials: LinkCredentials;
      readonly access: LinkAccess;
      readonly filter: string;
      readonly presence: Testament;
    },
    events: ConnectionEvents,
  ) {
    const { credentials, access, filter, presence } = settings;
    this.#events = events;
    this.#client = mqtt.connect(url, {
      ...optionsOf(credentials),
      ...tlsOf(url, access, credentials),
      will: { topic: presence.topic, payload: Buffer.from(presence.lost), qos: 1, retain: true },
    });
    const client = this.#client;
    client.on('error', (error) => {
      this.#why = reasonOf(error);
      client.end(true);
    });
    client.on('close', () => this.#end());
    client.on('end', () => this.#end());
    client.on('message', (topic, payload) => {
      if (!this.#ended) this.#events.message(topic, payload);
    });
    client.on('connect', () => {
      this.#bound();
      client.subscribe(filter, { qos: 1 }, (error, granted) => {
        if (this.#ended) return;
        if (error || granted?.[0]?.qos === 128 || !granted?.[0]) return this.cut('not-subscribed');
        client.publish(presence.topic, presence.online, { qos: 1, retain: true });
        this.#events.ready();
      });
    });
  }

  /** QoS 1: on its way as long as this connection lives. False: it has ended. */
  publish(topic: string, payload: string, retain = false): boolean {
    if (this.#ended || !this.#client.connected) return false;
    this.#client.publish(topic, payload, { qos: 1, retain });
    return true;
  }

  /** Ends it without a word: the broker then says that we are lost. */
  cut(why: string): void {
    this.#why = why;
    this.#client.end(true);
    this.#end();
  }

  /** Sends the last word and ends in order; resolves when the broker has it, or after `ms`. */
  async goodbye(topic: string, payload: string, within: (task: () => void) => () => void): Promise<void> {
    if (this.#ended) return;
    this.#why = 'stopping';
    await new Promise<void>((resolve) => {
      const cancel = within(() => resolve());
      const done = () => {
        cancel();
        resolve();
      };
      if (!this.#client.connected) return done();
      this.#client.publish(topic, payload, { qos: 1, retain: true }, () => this.#client.end(false, {}, done));
    });
    this.cut('stopping');
  }

  /** A broker that sends without end is not ours: the connection goes before the memory does. */
  #bound(): void {
    let sincePacket = 0;
    this.#client.stream.on('data', (chunk: Uint8Array) => {
      sincePacket += chunk.length;
      if (sincePacket > MAX_PACKET_BYTES) this.cut('oversize');
    });
    this.#client.on('packetreceive', () => {
      sincePacket = 0;
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.ended(this.#why);
  }
}

const optionsOf = (credentials: LinkCredentials): IClientOptions => ({
  protocolVersion: 4,
  clean: true,
  clientId: credentials.clientId,
  username: credentials.user,
  password: credentials.password(),
  keepalive: KEEPALIVE_SECONDS,
  connectTimeout: CONNECT_MS,
  // when to come back is decided with everything else in view
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
});

function tlsOf(url: string, access: LinkAccess, credentials: LinkCredentials): IClientOptions {
  if (!/^(mqtts|wss|ssl):/.test(url)) return {};
  const { certificate, brokerCa } = access;
  const key = credentials.tlsKey?.();
  return {
    rejectUnauthorized: true,
    ...(brokerCa === undefined ? {} : { ca: brokerCa }),
    ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
  };
}

/** In one word, without addresses. */
function reasonOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code !== '') return code;
  // a broker's refusal of the connection has a number
  if (typeof code === 'number') return `refused-${code}`;
  return error.name;
}
