import { type LinkAddress, linkUser, readTopic, type SignedDown, upTopic } from '@jolly/contracts/fleet-link';
import { systemClock, uuidv7 } from '@jolly/contracts/values';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store, Transaction } from '../store/index.ts';
import { saveState, unknownState } from '../terminals/index.ts';
import { entryOf, openLinkStore, openTestLink, plainLeases } from '../testing/index.ts';
import type { Broker, BrokerEvents } from './port.ts';
import type { LinkTables } from './tables.ts';

/** A line on which a test decides what arrives, when, and how often. */
class Line implements Broker {
  readonly down: { readonly topic: string; readonly corr: string | undefined }[] = [];
  events: BrokerEvents | undefined;
  async start(events: BrokerEvents) {
    this.events = events;
    events.connected(true);
  }
  async publish(topic: string, payload: string) {
    const { signed } = JSON.parse(payload) as SignedDown;
    this.down.push({ topic, corr: (JSON.parse(signed) as { corr?: string }).corr });
  }
  disconnect = async () => undefined;
  refresh = async () => undefined;
  close = async () => undefined;
  has = () => undefined;

  say(from: LinkAddress, message: object) {
    this.events?.message(upTopic(from, 'entries'), Buffer.from(JSON.stringify(message)));
  }
}

const ADDRESSES = ['A', 'B', 'C'].map((terminalId) => ({ tenantId: 'prova', terminalId }));

describe('what terminals send', () => {
  let base: Awaited<ReturnType<typeof openLinkStore>>;
  beforeAll(async () => {
    base = await openLinkStore();
  });
  afterAll(() => base.close());

  it('is stored and handed on exactly once, and acknowledged only then, whatever is repeated, late, or fails', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(7), fc.boolean()), { maxLength: 25 }),
        fc.array(fc.nat(12), { maxLength: 4 }),
        async (sizes, schedule, failing) => {
          const line = new Line();
          const broken = new Set(failing);
          const { link } = openTestLink({
            store: failingStore(base.store, broken),
            clock: systemClock,
            broker: line,
            leases: { ...plainLeases, welcomedBoot: async () => 'boot' },
          });
          // they were welcomed before this server came
          await base.store.transaction(async (tx) => {
            for (const each of ADDRESSES)
              await saveState(tx, { ...unknownState(each), boot: 'boot', why: 'silent' }, 1);
          });
          const told = new Map<string, number>();
          link.onEntries('telemetry', async (tx, _from, entries) => {
            // inside the transaction: what is undone is told again, so what counts is written
            for (const { id } of entries) await countIn(tx, told, id);
          });
          await link.start();
          const batches = sizes.map((size, at) => ({
            from: ADDRESSES[at % ADDRESSES.length] ?? { tenantId: 'prova', terminalId: 'A' },
            message: {
              ...{ v: 1, id: uuidv7(systemClock.now()), at: 1 },
              body: { entries: Array.from({ length: size }, (_, n) => entryOf(n + 1)), dropped: 0 },
            },
          }));
          for (const [which, wait] of schedule) {
            const batch = batches[which % batches.length];
            if (batch) line.say(batch.from, batch.message);
            if (wait) await link.settled();
          }
          await link.settled();
          // what nobody acknowledged is sent again until somebody does
          const acked = () => new Set(line.down.map(({ corr }) => corr));
          for (let round = 0; round < 30; round += 1) {
            const left = batches.filter(({ message }) => !acked().has(message.id));
            if (left.length === 0) break;
            for (const { from, message } of left) line.say(from, message);
            await link.settled();
          }
          await link.close();
          const ids = batches.flatMap(({ message }) => message.body.entries.map(({ id }) => id));
          const rows = await base.store
            .of<LinkTables>()
            .selectFrom('link_entry')
            .select('entry_id')
            .execute();
          const stored = rows.map((row) => row.entry_id);
          expect(stored.toSorted()).toEqual(ids.toSorted());
          expect([...told.values()].every((times) => times === 1)).toBe(true);
          expect([...told.keys()].toSorted()).toEqual(ids.toSorted());
          for (const { topic, corr } of line.down) {
            const batch = batches.find(({ message }) => message.id === corr);
            const to = readTopic(topic);
            expect(to && batch && linkUser(to) === linkUser(batch.from)).toBe(true);
          }
          await base.store.of<LinkTables>().deleteFrom('link_entry').execute();
        },
      ),
      { numRuns: 25 },
    ));
});

/** Counts once the transaction is committed. */
async function countIn(tx: Transaction, told: Map<string, number>, id: string): Promise<void> {
  const counted = pending.get(tx) ?? [];
  pending.set(tx, [...counted, () => told.set(id, (told.get(id) ?? 0) + 1)]);
}
const pending = new Map<Transaction, (() => void)[]>();

/** Its commits of these numbers fail at their end. */
function failingStore(store: Store, broken: ReadonlySet<number>): Store {
  let commits = 0;
  const run =
    <R>(work: (tx: Transaction) => Promise<R>) =>
    async (tx: Transaction) => {
      const result = await work(tx);
      commits += 1;
      const acts = pending.get(tx) ?? [];
      pending.delete(tx);
      if (broken.has(commits)) throw new Error('the disk is full');
      for (const act of acts) act();
      return result;
    };
  return {
    ...store,
    transaction: (work) => store.transaction(run(work)),
    concurrently: (keys, work) => store.concurrently(keys, run(work)),
  };
}
