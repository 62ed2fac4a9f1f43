import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LinkTables } from '../link/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import { type TestStore, testStore } from '../testing/index.ts';
import { HOUR_MS } from './hours.ts';
import { openRetention, RetentionSettings, storedHours } from './index.ts';

const DAY_MS = 24 * HOUR_MS;

describe('retention', () => {
  let place: TestStore;
  let store: Store;
  let clock: ManualClock;
  const settings = RetentionSettings.parse({});
  const retention = (over: Store = store) => openRetention({ store: over, clock, settings });

  const told = async (terminalId: string, kind: string, at: number, data: object, receivedAt = at) => {
    await store
      .of<LinkTables>()
      .insertInto('link_entry')
      .values({
        tenant_id: 'prova',
        terminal_id: terminalId,
        entry_id: uuidv7(at),
        at,
        received_at: receivedAt,
        kind,
        data: JSON.stringify({ kind, ...data }),
      })
      .execute();
  };
  const kept = async () =>
    (await store.of<LinkTables>().selectFrom('link_entry').select(['terminal_id', 'kind', 'at']).execute())
      .length;
  const loads = (terminalId = 'TOTEM-01') =>
    storedHours(store, { tenantId: 'prova', terminalId, metric: 'load' }, 0, clock.now());

  beforeEach(async () => {
    clock = new ManualClock();
    place = await testStore();
    store = await openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
  });
  afterEach(async () => {
    await store.close();
    await place.drop();
  });

  it('keeps what is young, makes hours of old measures and forgets old events', async () => {
    const now = clock.now();
    await told('TOTEM-01', 'telemetry', now - 6 * DAY_MS, { metrics: { load: 9 } });
    const hour = Math.floor((now - 8 * DAY_MS) / HOUR_MS) * HOUR_MS;
    await told('TOTEM-01', 'telemetry', hour, { metrics: { load: 2 } });
    await told('TOTEM-01', 'telemetry', hour + 60_000, { metrics: { load: 4 } });
    await told('TOTEM-02', 'telemetry', hour, { metrics: { load: 7 } });
    await told('TOTEM-01', 'event', now - 29 * DAY_MS, { event: 'started', detail: {} });
    await told('TOTEM-02', 'event', now - 31 * DAY_MS, { event: 'started', detail: {} });
    await retention().tidy();
    expect(await kept()).toBe(2);
    expect(await loads()).toEqual([{ metric: 'load', hour, n: 2, least: 2, most: 4, total: 6 }]);
    expect(await loads('TOTEM-02')).toMatchObject([{ n: 1, total: 7 }]);
  });

  it('adds what came late to the hour that is stored', async () => {
    const hour = Math.floor((clock.now() - 8 * DAY_MS) / HOUR_MS) * HOUR_MS;
    await told('TOTEM-01', 'telemetry', hour, { metrics: { load: 2.5 } });
    await retention().tidy();
    await told('TOTEM-01', 'telemetry', hour + 1, { metrics: { load: 0.5 } }, clock.now());
    await retention().tidy();
    // it came today: it stays until it cannot come again
    expect(await kept()).toBe(1);
    clock.advance(8 * DAY_MS);
    await retention().tidy();
    expect(await loads()).toEqual([{ metric: 'load', hour, n: 2, least: 0.5, most: 2.5, total: 3 }]);
  });

  it('counts nothing twice when it dies in between', async () => {
    const at = clock.now() - 9 * DAY_MS;
    for (let index = 0; index < 5; index++) await told('TOTEM-01', 'telemetry', at, { metrics: { load: 1 } });
    const dying: Store = {
      ...store,
      transaction: (work) =>
        store.transaction(async (tx) => {
          const result = await work(tx);
          if ((await tx.of<LinkTables>().selectFrom('link_entry').select('at').execute()).length === 0) {
            throw new Error('killed');
          }
          return result;
        }),
    };
    await expect(retention(dying).tidy()).rejects.toThrow('killed');
    expect([await kept(), await loads()]).toEqual([5, []]);
    await retention().tidy();
    expect(await kept()).toBe(0);
    expect(await loads()).toMatchObject([{ n: 5, total: 5 }]);
  });

  it('forgets hours in their turn', async () => {
    await told('TOTEM-01', 'telemetry', clock.now() - 9 * DAY_MS, { metrics: { load: 1 } });
    await retention().tidy();
    expect(await loads()).toHaveLength(1);
    clock.advance(26 * 31 * DAY_MS);
    await retention().tidy();
    expect(await loads()).toEqual([]);
  });
});
