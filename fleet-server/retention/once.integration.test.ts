import { type Entry, type SignedDown, upTopic } from '@jolly/contracts/fleet-link';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { saveState, unknownState } from '../terminals/index.ts';
import { entryOf, openLinkStore, openTestLink, plainLeases, TOTEM } from '../testing/index.ts';
import { keptMs, openRetention, RetentionSettings, storedHours } from './index.ts';

type Broker = NonNullable<Parameters<typeof openTestLink>[0]['broker']>;
type BrokerEvents = Parameters<Broker['start']>[0];

const DAY_MS = 86_400_000;
const settings = RetentionSettings.parse({ telemetryDays: 1 });
let base: Awaited<ReturnType<typeof openLinkStore>>;
beforeEach(async () => {
  base = await openLinkStore();
});
afterEach(() => base.close());

it('what came again after it was forgotten is acknowledged, and neither told nor added up again', async () => {
  const clock = new ManualClock();
  const acked: (string | undefined)[] = [];
  let events: BrokerEvents | undefined;
  const broker: Broker = {
    start: async (given) => {
      events = given;
      given.connected(true);
    },
    publish: async (_, payload) => {
      const { signed } = JSON.parse(payload) as SignedDown;
      acked.push((JSON.parse(signed) as { corr?: string }).corr);
    },
    disconnect: async () => undefined,
    refresh: async () => undefined,
    close: async () => undefined,
    has: () => undefined,
  };
  const keeps = (kind: Entry['data']['kind']) => keptMs(settings, kind);
  const leases = { ...plainLeases, welcomedBoot: async () => 'boot' };
  const { link } = openTestLink({ store: base.store, clock, broker, keeps, leases });
  // it was welcomed before this server came
  await base.store.transaction((tx) =>
    saveState(tx, { ...unknownState(TOTEM), boot: 'boot', why: 'silent' }, 1),
  );
  const told: string[] = [];
  for (const kind of ['telemetry', 'event'] as const) {
    link.onEntries(kind, async (_tx, _from, entries) => void told.push(...entries.map(({ id }) => id)));
  }
  await link.start();
  const say = async (...entries: Entry[]) => {
    const id = uuidv7(clock.now());
    const batch = { v: 1, id, at: clock.now(), body: { entries, dropped: 0 } };
    events?.message(upTopic(TOTEM, 'entries'), Buffer.from(JSON.stringify(batch)));
    await link.settled();
    expect(acked.at(-1)).toBe(id);
  };
  const measure = entryOf(clock.now());
  const event = entryOf(clock.now(), { kind: 'event', event: 'started', detail: {} });
  await say(measure, event);
  expect(told).toEqual([measure.id, event.id]);

  // the acknowledgement was lost, and the terminal is away until the server has forgotten
  clock.advance(2 * DAY_MS);
  await openRetention({ store: base.store, clock, settings }).tidy();
  const young = entryOf(clock.now());
  await say(measure, event, young);
  expect(told).toEqual([measure.id, event.id, young.id]);
  expect(link.counts()).toMatchObject({ entriesStored: 3, entriesRepeated: 1, refused: { 'too-old': 1 } });

  clock.advance(2 * DAY_MS);
  await openRetention({ store: base.store, clock, settings }).tidy();
  const of = { tenantId: TOTEM.tenantId, terminalId: TOTEM.terminalId, metric: 'load' as const };
  const hours = await storedHours(base.store, of, 0, clock.now());
  expect(hours.reduce((sum, { n }) => sum + n, 0)).toBe(2);
  await link.close();
});
