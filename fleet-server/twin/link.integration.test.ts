import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Desired } from '@jolly/contracts/fleet-link';
import { systemClock } from '@jolly/contracts/values';
import fastify from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createChanges } from '../changes/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import {
  LinkTerminal,
  openTestLink,
  reportedOf,
  type TestLink,
  type TestStore,
  testStore,
} from '../testing/index.ts';
import { openTwin, settingsStanding, type Twin } from './index.ts';
import { writeLayer } from './settings.ts';

const ADDRESS = { tenantId: 'prova', terminalId: 'TOTEM-01' };

let place: TestStore;
let store: Store;
let server: Server;
let url: string;
let open: TestLink;
let twin: Twin;
const changes = createChanges();
const terminals: LinkTerminal[] = [];

beforeEach(async () => {
  place = await testStore();
  store = await openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  open = openTestLink({ store, clock: systemClock, server });
  twin = openTwin({
    store,
    clock: systemClock,
    changes,
    audit: { record: async () => undefined },
    tenants: ['prova'],
    log: fastify({ logger: false }).log,
    link: open.link,
  });
  await open.link.start();
  await store
    .of<{ terminal: object }>()
    .insertInto('terminal')
    .values({
      ...{ tenant_id: 'prova', terminal_id: 'TOTEM-01', public_key: 'k', site: 's' },
      ...{ enrolled_at: 0, status: 'enrolled', key_since: 0 },
    })
    .execute();
});
afterEach(async () => {
  for (const each of terminals.splice(0)) await each.end();
  await twin.spread.stop();
  await open.link.close();
  await new Promise((resolve) => server.close(resolve));
  await store.close();
  await place.drop();
});

const terminal = async () => {
  const made = new LinkTerminal(ADDRESS, systemClock, open.serverKey);
  open.gate.keys.set(made.user, made.key.publicKey);
  terminals.push(made);
  return made.connect(url);
};
const write = (document: Record<string, unknown>, baseVersion: number) =>
  writeLayer(
    twin.parts,
    { tenantId: 'prova', layer: 'terminal', id: 'TOTEM-01' },
    { by: 'anna', note: 'prova', baseVersion, document },
  );
const told = async (one: LinkTerminal) => Desired.parse((await one.next('desired')).body);

it('reaches a terminal that is there at once, one that was away at its hello, and hears what became of it', async () => {
  const one = await terminal();
  await one.greet();
  await write({ volume: 0.4 }, 0);
  expect(await told(one)).toEqual({ version: 1, settings: { volume: 0.4 } });
  await one.end();
  await write({ volume: 0.4, devices: { pos: 'zvt+tcp:nowhere' } }, 1);
  await twin.spread.runDue();

  const again = await terminal();
  await again.greet({ settings: 1 });
  expect((await told(again)).version).toBe(2);
  const faults = [{ path: 'devices.pos', message: 'no port' }];
  const heard = new Promise<void>((resolve) => {
    const end = changes.watch('prova', (topic) => {
      if (topic !== 'settings') return;
      end();
      resolve();
    });
  });
  const settings = { version: 1, refused: { version: 2, faults } };
  await again.say('reported', { form: 'whole', seq: 0, reported: reportedOf({ settings }) });
  await heard;
  expect(await settingsStanding(store, ADDRESS)).toEqual({ desired: 2, reported: 1, state: 'refused' });
});
