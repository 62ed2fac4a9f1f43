import { ManualClock, systemRandom } from '@jolly/contracts/values';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityTables } from '../identity/index.ts';
import { allMigrations } from '../schema.ts';
import { openSqliteStore, type Store } from '../store/index.ts';
import { createWatchers, type Greeting, openLeases } from './index.ts';
import type { EnrolmentTables } from './tables.ts';

const who = { tenantId: 'prato', terminalId: 'PO-001' };
const RUNS = 60;

let store: Store;
beforeAll(async () => {
  store = await openSqliteStore(':memory:', allMigrations);
});
afterAll(() => store.close());

/** Where a connection is cut: a power cut and a cut of the line are the same for the lease. */
const Cut = fc.constantFrom(
  'before-hello', // nothing arrived
  'welcome-lost', // greeted, and the terminal never heard it
  'before-storing', // heard, and the power went before it was on the disk
  'confirm-lost', // stored, and the word of it never arrived
  'none', // all of it
);
type Cut = typeof Cut extends fc.Arbitrary<infer T> ? T : never;

interface Said {
  readonly boot: string;
  readonly lease: string | null;
  readonly at: number;
  readonly machine: string;
}

/** One machine: what is on its disk, and its clock. */
class Machine {
  lease: string | null = null;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The server's end and the wire, both in the test's hands. */
class World {
  readonly clock = new ManualClock();
  readonly watchers = createWatchers();
  readonly accused: string[] = [];
  readonly said: Said[] = [];
  #boots = 0;
  readonly #leases = openLeases({
    clock: this.clock,
    random: systemRandom,
    audit: { record: async () => undefined },
    watchers: this.watchers,
  });

  constructor() {
    this.watchers.onSuspect(async (_, __, why) => {
      this.accused.push(why);
    });
  }

  greet(said: Said): Promise<Greeting> {
    const hello = { boot: said.boot, software: '1', lease: said.lease, machine: said.machine, settings: 0 };
    return store.transaction((tx) => this.#leases.greet(tx, who, hello, said.at));
  }

  confirm(lease: string): Promise<void> {
    return store.transaction((tx) => this.#leases.confirm(tx, who, lease));
  }

  /** Resolves to whether the machine is connected and has told all of it. */
  async connect(machine: Machine, cut: Cut, twice = false): Promise<boolean> {
    this.clock.advance(1000);
    if (cut === 'before-hello') return false;
    const boot = `boot-${this.#boots++}`;
    const said = { boot, lease: machine.lease, at: this.clock.now(), machine: machine.name };
    this.said.push(said);
    const greeting = await this.greet(said);
    // QoS 1: the same word may be heard again, by another replica too
    if (twice) expect(await this.greet(said)).toEqual(greeting);
    if (!('lease' in greeting)) return false;
    if (cut === 'welcome-lost' || cut === 'before-storing') return false;
    machine.lease = greeting.lease;
    if (cut === 'confirm-lost') return false;
    await this.confirm(greeting.lease);
    return true;
  }
}

async function fresh(): Promise<World> {
  await store.of<EnrolmentTables>().deleteFrom('link_lease').execute();
  await store.of<IdentityTables>().deleteFrom('terminal').execute();
  const world = new World();
  const now = world.clock.now();
  await store
    .of<IdentityTables>()
    .insertInto('terminal')
    .values({
      tenant_id: who.tenantId,
      terminal_id: who.terminalId,
      public_key: 'k'.repeat(59),
      site: '',
      enrolled_at: now,
      status: 'enrolled',
      suspect_why: null,
      site_id: null,
      serial: null,
      key_since: now,
      previous_key: null,
      previous_until: null,
    })
    .execute();
  return world;
}

describe('leases', () => {
  it('never accuse a genuine terminal, wherever its connections are cut and whatever comes late or twice', async () => {
    const Step = fc.oneof(
      fc.record({ cut: Cut, twice: fc.boolean() }),
      // a word of an earlier connection, heard again or only now
      fc.record({ late: fc.nat(20), confirm: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(Step, { maxLength: 25 }), async (steps) => {
        const world = await fresh();
        const genuine = new Machine('one');
        for (const step of steps) {
          if ('cut' in step) await world.connect(genuine, step.cut, step.twice);
          else {
            const old = world.said.at(-1 - step.late);
            if (old && step.confirm) await world.confirm(old.lease ?? 'none');
            else if (old) await world.greet(old);
          }
        }
        expect(world.accused).toEqual([]);
        expect(await world.connect(genuine, 'none')).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('notice an equal or old copy at the latest when both have connected, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(Cut, { maxLength: 6 }),
        fc.array(fc.tuple(fc.boolean(), Cut), { maxLength: 10 }),
        fc.boolean(),
        async (before, after, copyFirst) => {
          const world = await fresh();
          const genuine = new Machine('one');
          for (const cut of before) await world.connect(genuine, cut);
          // a perfect copy: key, lease, and even the machine's own marks
          const copy = new Machine('one');
          copy.lease = genuine.lease;
          for (const [which, cut] of after) await world.connect(which ? genuine : copy, cut);
          const order = copyFirst ? [copy, genuine] : [genuine, copy];
          for (const each of order) await world.connect(each, 'none');
          expect(world.accused).toEqual(['stale-lease']);
          expect(await world.connect(genuine, 'none')).toBe(false);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('notice a copy on another machine at once', async () => {
    const world = await fresh();
    const genuine = new Machine('one');
    await world.connect(genuine, 'none');
    const copy = new Machine('two');
    copy.lease = genuine.lease;
    expect(await world.connect(copy, 'none')).toBe(false);
    expect(world.accused).toEqual(['machine-changed']);
  });

  it('pass over a late word only for as long as one can be on its way', async () => {
    const world = await fresh();
    const genuine = new Machine('one');
    await world.connect(genuine, 'none');
    const [old] = world.said;
    await world.connect(genuine, 'none');
    await world.connect(genuine, 'none');
    if (!old) throw new Error('nothing was said');
    expect(await world.greet(old)).toEqual({ refused: 'late' });
    // a copy whose clock is behind says the same, and goes on saying it
    world.clock.advance(600_000);
    expect(await world.greet({ ...old, boot: 'another' })).toMatchObject({ accused: 'stale-lease' });
  });

  it('begin anew after staff trusted the key again', async () => {
    const world = await fresh();
    const genuine = new Machine('one');
    await world.connect(genuine, 'none');
    genuine.lease = 'of-an-old-backup-of-the-disk';
    expect(await world.connect(genuine, 'none')).toBe(false);
    await store.of<IdentityTables>().updateTable('terminal').set({ status: 'enrolled' }).execute();
    await store.of<EnrolmentTables>().deleteFrom('link_lease').execute();
    expect(await world.connect(genuine, 'none')).toBe(true);
  });
});
