import { randomBytes, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { LINK_PATH } from '@jolly/contracts/fleet-api';
import {
  DOWN,
  downTopic,
  LINK_VERSION,
  type LinkAddress,
  linkClientId,
  linkProof,
  linkUser,
  UP,
  upTopic,
} from '@jolly/contracts/fleet-link';
import { uuidv7 } from '@jolly/contracts/values';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOWN, type TwoTowns, twoTowns, VICTIM } from './testing/index.ts';

/** Refused subscription, as MQTT 3.1.1 says it. */
const REFUSED = 128;

const GONE = '{"online":false,"boot":"x","why":"lost"}';

describe('the topics of another municipality', () => {
  let towns: TwoTowns;
  let url: string;
  let victims: readonly LinkAddress[];

  beforeAll(async () => {
    towns = await twoTowns();
    const { app } = towns.rig.server;
    await app.listen({ host: '127.0.0.1', port: 0 });
    await towns.rig.server.start();
    url = `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}${LINK_PATH}`;
    victims = [towns.ids.terminal, 'TOTEM-01'].map((terminalId) => ({ tenantId: VICTIM, terminalId }));
  });
  afterAll(() => towns.rig.close());

  /** Proves to be the town's terminal by its key, and says to be `as`. */
  const connect = async (as: LinkAddress, will = as): Promise<MqttClient> => {
    const { rig, terminal } = towns;
    const clientId = linkClientId(as);
    const user = linkUser(as);
    const timestamp = rig.clock.now();
    const nonce = randomBytes(16).toString('base64url');
    const text = linkProof({ user, clientId, timestamp, nonce });
    const signature = sign(null, Buffer.from(text), terminal.privateKey).toString('base64url');
    const password = JSON.stringify({ timestamp, nonce, signature });
    const options = {
      clientId,
      username: user,
      password,
      protocolVersion: 4,
      keepalive: 30,
      reconnectPeriod: 0,
      will: { topic: upTopic(will, 'presence'), payload: Buffer.from(GONE), qos: 1, retain: true },
    } as const;
    const client = await connectAsync(url, options, false);
    client.on('error', () => undefined);
    return client;
  };
  const own = () => connect({ tenantId: TOWN, terminalId: towns.terminal.terminalId });
  /** Sends, and resolves when the broker has taken it or shut the door. */
  const publish = async (client: MqttClient, topic: string, payload: string) => {
    const shut = new Promise<string>((resolve) => client.once('close', () => resolve('shut')));
    const taken = client.publishAsync(topic, payload, { qos: 1 }).then(
      () => 'taken',
      () => 'shut',
    );
    const end = await Promise.race([shut, taken]);
    await client.endAsync(true);
    return end;
  };
  const envelope = (body: unknown) => {
    const at = towns.rig.clock.now();
    return JSON.stringify({ v: LINK_VERSION, id: uuidv7(at), at, body });
  };
  /** Nonces are forgotten by the server itself. */
  const snapshot = async () => {
    const rows = new Map(await towns.snapshot());
    rows.delete('seen_nonce');
    return rows;
  };

  it('are heard by none of its terminals', async () => {
    const filters = victims.flatMap((victim) => DOWN.map((kind) => downTopic(victim, kind)));
    for (const filter of [...filters, `jolly/1/${VICTIM}/#`, 'jolly/1/+/+/down/#', '#', `$SYS/#`]) {
      const client = await own();
      const granted = await client.subscribeAsync(filter, { qos: 1 }).then(
        (grants) => grants.map(({ qos }) => qos as number),
        () => [REFUSED],
      );
      expect(granted, filter).toEqual([REFUSED]);
      await client.endAsync(true);
    }
  });

  it('take nothing from its terminals, up or down', async () => {
    const before = await snapshot();
    const client = await own();
    expect(await publish(client, upTopic({ tenantId: TOWN, terminalId: 'TOTEM-01' }, 'reported'), '{}')).toBe(
      'taken',
    );
    for (const victim of victims) {
      for (const topic of [
        ...UP.map((kind) => upTopic(victim, kind)),
        ...DOWN.map((kind) => downTopic(victim, kind)),
      ]) {
        for (const payload of [envelope({ entries: [], dropped: 0 }), GONE]) {
          expect(await publish(await own(), topic, payload), topic).toBe('shut');
        }
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  it('are not reached by calling oneself what the victim is called', async () => {
    const self = { tenantId: TOWN, terminalId: towns.terminal.terminalId };
    for (const victim of victims) {
      await expect(connect(victim)).rejects.toThrow();
      await expect(connect(self, victim), 'a last will in its name').rejects.toThrow();
    }
  });
});
