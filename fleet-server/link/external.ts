import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ALL_UP, KEEPALIVE_SECONDS } from '@jolly/contracts/fleet-link';
import { connect, type MqttClient } from 'mqtt';
import type { Broker, BrokerEvents } from './port.ts';
import type { Refusals } from './refusals.ts';

const RECONNECT_MS = 1_000;
const CONNECT_MS = 10_000;
/** Messages on their way to the broker; beyond it nothing more is given to it. */
const MOST_UNDERWAY = 20_000;

/** Not sent, and nobody will send it: whoever must have it sent again has to. */
export class BrokerAway extends Error {
  constructor() {
    super('the broker is not there');
  }
}

export interface ExternalOptions {
  readonly url: string;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly refusals: Refusals;
  /** Why the way to the broker is not there; said each time. */
  readonly failed: (error: Error) => void;
}

/**
 * A broker of the house's. Nothing of MQTT 5 and no shared subscription: several servers each hear everything, and `replicas` says who
 * acts on it. The session is clean: what was said while this server was away is told again by the terminals.
 */
export function externalBroker(options: ExternalOptions): Broker {
  const { refusals } = options;
  let client: MqttClient | undefined;
  let underway = 0;
  const pem = <K extends string>(name: K, file: string | undefined) =>
    (file === undefined ? {} : { [name]: readFileSync(file) }) as Partial<Record<K, Buffer>>;

  const subscribe = async (mine: MqttClient) => {
    // again with every connection, and whenever retained presences are to be told again
    const granted = await mine.subscribeAsync(ALL_UP, { qos: 1 });
    if (granted.some(({ qos }) => qos > 2)) throw new Error('the broker refuses what servers subscribe to');
  };

  return {
    async start(events: BrokerEvents) {
      const mine = connect(options.url, {
        clientId: `jolly-server-${randomUUID()}`,
        protocolVersion: 4,
        clean: true,
        keepalive: KEEPALIVE_SECONDS,
        reconnectPeriod: RECONNECT_MS,
        connectTimeout: CONNECT_MS,
        resubscribe: false,
        queueQoSZero: false,
        ...pem('cert', options.certFile),
        ...pem('key', options.keyFile),
        ...pem('ca', options.caFile),
      });
      client = mine;
      mine.on('connect', () => {
        subscribe(mine).then(
          () => events.connected(true),
          (error: Error) => {
            options.failed(error);
            mine.reconnect();
          },
        );
      });
      mine.on('close', () => events.connected(false));
      mine.on('error', options.failed);
      mine.on('message', (topic, payload) => events.message(topic, payload));
    },
    async publish(topic, payload) {
      // mqtt.js would keep it for later, without end; whoever sends knows what to send again
      if (!client?.connected || underway >= MOST_UNDERWAY) {
        refusals.count('broker-away', 'server');
        throw new BrokerAway();
      }
      underway += 1;
      try {
        await client.publishAsync(topic, payload, { qos: 1 });
      } finally {
        underway -= 1;
      }
    },
    disconnect: async () => undefined,
    has: () => undefined,
    async refresh() {
      if (client?.connected) await subscribe(client);
    },
    async close() {
      await client?.endAsync(true);
    },
  };
}
