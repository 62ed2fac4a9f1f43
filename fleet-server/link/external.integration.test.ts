import { readFileSync } from 'node:fs';
import { downFilter, upTopic } from '@jolly/contracts/fleet-link';
import { systemClock, uuidv7 } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openReplicas, type Replicas } from '../replicas/index.ts';
import type { Store } from '../store/index.ts';
import { loadStates } from '../terminals/index.ts';
import {
  entryOf,
  House,
  LinkTerminal,
  linkKey,
  Mosquitto,
  openLinkStore,
  openTestLink,
  reportedOf,
  type TestLink,
} from '../testing/index.ts';
import { externalBroker } from './external.ts';
import { Refusals } from './refusals.ts';
import type { LinkTables } from './tables.ts';

const ONE = { tenantId: 'prova', terminalId: 'TOTEM-01' };
const OTHER = { tenantId: 'altro', terminalId: 'TOTEM-01' };

interface Server {
  readonly open: TestLink;
  readonly replicas: Replicas;
}

describe('the link over mosquitto, as the documentation sets it up', () => {
  const house = new House();
  const key = linkKey();
  let mosquitto: Mosquitto;
  let base: Awaited<ReturnType<typeof openLinkStore>>;
  const servers: Server[] = [];
  const terminals: LinkTerminal[] = [];

  const server = async (): Promise<Server> => {
    const refusals = new Refusals({ warn: () => undefined });
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const replicas = openReplicas({
      store: base.store,
      clock: systemClock,
      log,
      replicaId: uuidv7(systemClock.now()),
    });
    const broker = externalBroker({
      url: mosquitto.url,
      ...house.issue(`jolly-server-${servers.length + 1}`),
      caFile: house.authority,
      refusals,
      failed: () => undefined,
    });
    const parts = { store: base.store, clock: systemClock, broker, sign: key.sign, ownership: replicas };
    const open = openTestLink({ ...parts, refusals });
    await replicas.start();
    await open.link.start();
    await vi.waitFor(() => expect(open.link.counts().connected).toBe(true), { timeout: 10_000 });
    const made = { open, replicas };
    servers.push(made);
    return made;
  };
  const terminal = async (address = ONE) => {
    const made = new LinkTerminal(address, systemClock, key.publicKey);
    const { keyFile, certFile } = house.issue(made.user);
    const pem = {
      key: readFileSync(keyFile),
      cert: readFileSync(certFile),
      ca: readFileSync(house.authority),
    };
    await made.connect(mosquitto.url, pem);
    terminals.push(made);
    return made;
  };
  const ids = async (store: Store) =>
    (await store.of<LinkTables>().selectFrom('link_entry').select('entry_id').execute()).map(
      (row) => row.entry_id,
    );

  beforeAll(async () => {
    base = await openLinkStore();
    mosquitto = await Mosquitto.start(house);
    await server();
  });
  afterAll(async () => {
    for (const each of terminals) await each.end();
    for (const { open, replicas } of servers) {
      await open.link.close();
      await replicas.close();
    }
    await mosquitto.kill();
    await base.close();
    house.remove();
  });

  it('carries what a terminal and the server have to say', async () => {
    const one = await terminal();
    await one.greet();
    await one.say('reported', { form: 'whole', seq: 0, reported: reportedOf() });
    const entry = entryOf(1);
    await one.send([entry]);
    expect(await ids(base.store)).toContain(entry.id);
    await vi.waitFor(async () =>
      expect((await loadStates(base.store, [ONE])).get('prova/TOTEM-01')).toMatchObject({
        state: 'in-service',
      }),
    );
    one.cut();
    await vi.waitFor(async () =>
      expect((await loadStates(base.store, [ONE])).get('prova/TOTEM-01')).toMatchObject({ online: false }),
    );
  });

  it('keeps every terminal among its own topics', async () => {
    const one = await terminal();
    const other = await terminal(OTHER);
    const before = await ids(base.store);
    for (const filter of ['#', downFilter(ONE), 'jolly/1/+/+/down/#', 'jolly/1/+/+/up/#']) {
      await other.client.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
    }
    const forged = { v: 1, id: uuidv7(1), at: 1, body: { entries: [entryOf(2)], dropped: 0 } };
    await other.client.publishAsync(upTopic(ONE, 'entries'), JSON.stringify(forged), { qos: 1 });
    await other.client.publishAsync(`jolly/1/prova/TOTEM-01/down/command`, 'forged', { qos: 1 });
    await other.client.publishAsync('jolly/1/altro/TOTEM-01/up/spam', 'kept for ever', {
      qos: 1,
      retain: true,
    });
    const [mine, theirs] = [entryOf(3), entryOf(4)];
    await one.send([mine]);
    await other.send([theirs]);
    expect((await ids(base.store)).toSorted()).toEqual([...before, mine.id, theirs.id].toSorted());
    expect(one.heard).toEqual([]);
    expect(other.heard).toEqual([]);
  });

  it('goes on after the broker died, with what was not acknowledged sent again', async () => {
    const one = await terminal();
    await mosquitto.kill();
    await vi.waitFor(() => expect(servers[0]?.open.link.counts().connected).toBe(false));
    await mosquitto.run();
    await vi.waitFor(() => expect(servers[0]?.open.link.counts().connected).toBe(true), { timeout: 10_000 });
    await one.end();
    const again = await terminal();
    const entry = entryOf(5);
    await again.send([entry]);
    expect(await ids(base.store)).toContain(entry.id);
  });

  it('is shared by several servers; the terminals of one that dies are taken over', async () => {
    const second = await server();
    const [first] = servers;
    await vi.waitFor(() => expect(first?.replicas.alive()).toHaveLength(2), { timeout: 10_000 });
    const crowd = await Promise.all(
      Array.from({ length: 8 }, (_, at) => terminal({ tenantId: 'prova', terminalId: `FOLLA-${at}` })),
    );
    const sent = crowd.map(() => [entryOf(6), entryOf(7)] as const);
    await Promise.all(crowd.map((each, at) => each.send([sent[at]?.[0]])));
    expect(second.open.link.counts().entriesStored).toBeGreaterThan(0);
    expect(second.open.link.counts().entriesStored).toBeLessThan(8);
    // as when its process ends: it says nothing more, and its line in the store stands still
    servers.pop();
    await second.open.link.close();
    await second.replicas.close();
    await Promise.all(
      crowd.map(async (each, at) => {
        const acked = { now: false };
        const wait = async () => {
          while (!acked.now) {
            // a terminal's outbox sends again what nobody acknowledged
            await Promise.race([
              each.send([sent[at]?.[1]]).then(() => {
                acked.now = true;
              }),
              new Promise((resolve) => setTimeout(resolve, 500)),
            ]);
          }
        };
        await wait();
      }),
    );
    const stored = await ids(base.store);
    for (const pair of sent)
      for (const { id } of pair) expect(stored.filter((each) => each === id)).toHaveLength(1);
  });
});
