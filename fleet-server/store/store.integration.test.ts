import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestStore, testStore } from '../testing/index.ts';
import { openStore, type Store } from './index.ts';

interface Counting {
  counter: { tenant_id: string; name: string; value: number };
}
const counting = {
  name: '001-counter',
  up: async (db: Parameters<Parameters<typeof openStore>[1][number]['up']>[0]) => {
    await db.schema
      .createTable('counter')
      .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
      .addColumn('name', 'varchar(40)', (column) => column.notNull())
      .addColumn('value', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('counter_pk', ['tenant_id', 'name'])
      .execute();
  },
  down: async (db: Parameters<Parameters<typeof openStore>[1][number]['up']>[0]) => {
    await db.schema.dropTable('counter').execute();
  },
};

const onPostgres = process.env.JOLLY_TEST_STORE === 'postgres';

describe('the store', () => {
  let place: TestStore;
  const stores: Store[] = [];
  const open = async () => {
    const store = await openStore({ dataDir: ':memory:', store: place.settings }, [counting]);
    stores.push(store);
    return store;
  };
  const value = async (store: Pick<Store, 'of'>, name = 'a') =>
    (
      await store
        .of<Counting>()
        .selectFrom('counter')
        .select('value')
        .where('tenant_id', '=', 't')
        .where('name', '=', name)
        .executeTakeFirst()
    )?.value ?? 0;
  /** Reads, waits a turn, writes: what loses a step where two do so at once. */
  const count = async (tx: Pick<Store, 'of'>, name = 'a') => {
    const next = (await value(tx, name)) + 1;
    await new Promise((resolve) => setImmediate(resolve));
    await tx
      .of<Counting>()
      .insertInto('counter')
      .values({ tenant_id: 't', name, value: next })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet({ value: next }))
      .execute();
  };

  beforeEach(async () => {
    place = await testStore({ empty: true });
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await place.drop();
  });

  it('runs a transaction alone, from however many places it is asked', async () => {
    const all = onPostgres ? [await open(), await open()] : [await open()];
    await Promise.all(
      Array.from({ length: 24 }, (_, index) => {
        const store = all[index % all.length] as Store;
        return index % 3 === 0
          ? store.concurrently(['a'], (tx) => count(tx))
          : store.transaction((tx) => count(tx));
      }),
    );
    expect(await value(all[0] as Store)).toBe(24);
  });

  it('undoes what threw, and tells nobody of it', async () => {
    const store = await open();
    const told: string[] = [];
    await expect(
      store.transaction(async (tx) => {
        await count(tx);
        store.afterCommit(() => told.push('undone'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await store.transaction(async (tx) => {
      await count(tx);
      store.afterCommit(() => told.push('done'));
      expect(told).toEqual([]);
    });
    store.afterCommit(() => told.push('at once'));
    expect(told).toEqual(['done', 'at once']);
    expect(await value(store)).toBe(1);
  });

  it('gives what is counted as numbers', async () => {
    const store = await open();
    await count(store);
    await count(store, 'b');
    const rows = await store
      .of<Counting>()
      .selectFrom('counter')
      .select((eb) => [
        eb.fn.countAll<number>().as('rows'),
        eb.fn.sum<number>('value').as('sum'),
        eb.fn.max('value').as('max'),
      ])
      .execute();
    expect(rows).toEqual([{ rows: 2, sum: 2, max: 1 }]);
  });

  it('does not take all connections from who reads, however many wait to write', async () => {
    const store = await open();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const first = store.transaction(async (tx) => {
      await count(tx);
      await gate;
    });
    const others = Array.from({ length: 20 }, (_, index) =>
      store.concurrently([`${index}`], (tx) => count(tx, `${index}`)),
    );
    if (onPostgres) expect(await value(store)).toBe(0);
    go();
    await Promise.all([first, ...others]);
    expect(await value(store)).toBe(1);
  });

  it('carries words to every replica once', async () => {
    const store = await open();
    const other = onPostgres ? await open() : store;
    const heard: string[] = [];
    const first = new Promise<void>((resolve) => {
      other.signals.hear('prova', {
        told: (word) => {
          heard.push(word);
          if (word === 'last') resolve();
        },
        missed: () => undefined,
      });
    });
    store.signals.tell('altro', 'not for you');
    store.signals.tell('prova', 'one');
    store.signals.tell('prova', 'last');
    await first;
    expect(heard).toEqual(['one', 'last']);
  });
});
