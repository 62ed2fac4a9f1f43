import { ManualClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import { type TestStore, testStore } from '../testing/index.ts';
import { Admission } from './admission.ts';

const ONE = { tenantId: 'prova', terminalId: 'TOTEM-01' };
const OTHER = { tenantId: 'prova', terminalId: 'TOTEM-02' };

describe('who may be heard, at several replicas', () => {
  let place: TestStore;
  let stores: Store[];
  let enrolled: boolean;
  let asked: number;
  const replica = (store: Store) =>
    new Admission(
      async () => {
        asked += 1;
        return enrolled;
      },
      new ManualClock(),
      store.signals,
    );

  beforeEach(async () => {
    [enrolled, asked] = [true, 0];
    place = await testStore();
    const open = () => openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
    const first = await open();
    // SQLite has one server, and its replicas are of one process
    stores = first.kind === 'postgres' ? [first, await open()] : [first, first];
  });
  afterEach(async () => {
    for (const store of new Set(stores)) await store.close();
    await place.drop();
  });

  it('is forgotten by all of them when one shuts a terminal out', async () => {
    const replicas = stores.map(replica);
    const heard = () => Promise.all(replicas.map((each) => each.admits(ONE)));
    expect(await heard()).toEqual([true, true]);
    enrolled = false;
    expect(await heard()).toEqual([true, true]);
    replicas[0]?.forgetEverywhere(ONE);
    await vi.waitFor(async () => expect(await heard()).toEqual([false, false]));
    // and the other is not asked for again before its time
    const [first] = replicas;
    await first?.admits(OTHER);
    const before = asked;
    await first?.admits(OTHER);
    expect(asked).toBe(before);
    for (const each of replicas) each.close();
  });

  it('is not remembered from a look that began before', async () => {
    const [store] = stores;
    if (!store) throw new Error('no store');
    const gate = Promise.withResolvers<void>();
    const answers = [true, false];
    const admission = new Admission(
      async () => {
        const answer = answers.shift() ?? false;
        await gate.promise;
        return answer;
      },
      new ManualClock(),
      store.signals,
    );
    const looked = admission.admits(ONE);
    admission.forgetEverywhere(ONE);
    gate.resolve();
    expect(await looked).toBe(false);
    expect(await admission.admits(ONE)).toBe(false);
    admission.close();
  });
});
