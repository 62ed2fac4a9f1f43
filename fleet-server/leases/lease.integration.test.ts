import { ManualClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allMigrations } from '../schema.ts';
import { openSqliteStore, type Store } from '../store/index.ts';
import { LeasedDuty } from './lease.ts';

/** The rules of the lease over any store; that both databases keep them is the store's own test. */
describe('the sole duty', () => {
  let store: Store;
  let clock: ManualClock;
  const failed: unknown[] = [];
  const replicas: Replica[] = [];

  class Replica {
    running = 0;
    starts = 0;
    /** The way to the store is cut: every question fails. */
    cut = false;
    readonly duty: LeasedDuty;
    constructor(name: string) {
      const of = <T>() => {
        if (this.cut) throw new Error('cut');
        return store.of<T>();
      };
      this.duty = new LeasedDuty({
        store: { ...store, of },
        clock,
        replica: name,
        failed: (error) => failed.push(error),
      });
      this.duty.during({
        start: () => {
          this.running++;
          this.starts++;
        },
        stop: async () => {
          this.running = 0;
        },
      });
      replicas.push(this);
    }
  }
  /** Lets time pass second by second, and what it set off come to its end. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(replicas.filter(({ running }) => running > 0).length).toBeLessThan(2);
    }
  };

  beforeEach(async () => {
    clock = new ManualClock();
    store = await openSqliteStore(':memory:', allMigrations);
    replicas.length = 0;
    failed.length = 0;
  });
  afterEach(() => store.close());

  it('is one replica’s, and stays its own', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    await one.duty.start();
    await two.duty.start();
    await pass(60);
    expect([one.running, one.starts, two.running]).toEqual([1, 1, 0]);
    expect([one.duty.mine(), two.duty.mine()]).toEqual([true, false]);
  });

  it('goes to the next at once when it is given away', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    await one.duty.start();
    await two.duty.start();
    await one.duty.close();
    expect(one.running).toBe(0);
    await pass(2);
    expect([two.running, two.duty.mine()]).toEqual([1, true]);
  });

  it('is taken over within seconds from one that died', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    await one.duty.start();
    await two.duty.start();
    await pass(3);
    one.cut = true;
    one.running = 0;
    await pass(8);
    expect(two.duty.mine()).toBe(true);
  });

  it('is let go by one that is cut off before another takes it, and comes back to it no sooner than it is free', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    await one.duty.start();
    await two.duty.start();
    one.cut = true;
    await pass(4);
    expect([one.running, two.running]).toEqual([0, 0]);
    await pass(4);
    expect(two.running).toBe(1);
    one.cut = false;
    await pass(30);
    expect([one.running, two.running]).toEqual([0, 1]);
    expect(failed.length).toBeGreaterThan(0);
    two.cut = true;
    await pass(10);
    expect([one.running, one.starts]).toEqual([1, 2]);
  });
});
