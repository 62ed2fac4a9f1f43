import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ack } from '@jolly/contracts/fleet-link';
import { systemClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allMigrations } from '../schema.ts';
import { openSqliteStore, type Store } from '../store/index.ts';
import { loadStates } from '../terminals/index.ts';
import { entryOf, LinkTerminal, openTestLink, reportedOf, type TestLink } from '../testing/index.ts';
import type { LinkTables } from './tables.ts';

const ADDRESS = { tenantId: 'prova', terminalId: 'TOTEM-01' };

describe('a terminal on the embedded link', () => {
  let store: Store;
  let server: Server;
  let url: string;
  let open: TestLink;
  const terminals: LinkTerminal[] = [];

  beforeEach(async () => {
    store = await openSqliteStore(':memory:', allMigrations);
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    open = openTestLink({ store, clock: systemClock, server });
    await open.link.start();
  });
  afterEach(async () => {
    for (const each of terminals.splice(0)) await each.end();
    await open.link.close();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
  });

  const terminal = (address = ADDRESS) => {
    const made = new LinkTerminal(address, systemClock, open.serverKey);
    open.gate.keys.set(made.user, made.key.publicKey);
    terminals.push(made);
    return made;
  };
  const state = async () => {
    await open.link.settled();
    return (await loadStates(store, [ADDRESS])).get('prova/TOTEM-01');
  };

  it('is welcomed, tells how it is, and is seen to be gone at once', async () => {
    const one = await terminal().connect(url);
    const welcome = await one.greet();
    expect(welcome.lease.length).toBeGreaterThan(16);
    await one.say('reported', { form: 'whole', seq: 4, reported: reportedOf() });
    await one.say('reported', { form: 'patch', seq: 5, patch: { inSession: true } });
    await one.send([entryOf(systemClock.now())]);
    expect(await state()).toMatchObject({
      online: true,
      boot: one.boot,
      seq: 5,
      state: 'in-service',
      reported: { inSession: true, software: '0.5.0' },
    });
    const gone = new Promise<void>((resolve) => {
      open.link.onPresence(async (_tx, _from, presence) => {
        if (!presence.online) resolve();
      });
    });
    one.cut();
    await gone;
    expect(await state()).toMatchObject({ online: false, why: 'lost', state: 'stopped', reason: 'offline' });
  });

  it('may forget its entries once they are stored, and they are stored once', async () => {
    const told: string[] = [];
    open.link.onEntries('telemetry', async (_tx, _from, entries) => {
      told.push(...entries.map(({ id }) => id));
    });
    const one = await terminal().connect(url);
    const entries = [1, 2, 3].map((at) => entryOf(at));
    expect(Ack.parse((await one.send(entries)).body)).toEqual({ refused: [] });
    expect(Ack.parse((await one.send(entries.toReversed())).body)).toEqual({ refused: [] });
    const rows = await store.of<LinkTables>().selectFrom('link_entry').selectAll().execute();
    expect(rows.map((row) => row.entry_id).toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
    expect(told).toEqual(entries.map(({ id }) => id));
  });
});
