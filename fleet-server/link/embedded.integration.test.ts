import { Ack } from '@jolly/contracts/fleet-link';
import { systemClock } from '@jolly/contracts/values';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadStates } from '../terminals/index.ts';
import { entryOf, LinkRig, openLinkStore, reportedOf, TOTEM } from '../testing/index.ts';
import type { LinkTables } from './tables.ts';

describe('a terminal on the embedded link', () => {
  let base: Awaited<ReturnType<typeof openLinkStore>>;
  let rig: LinkRig;
  beforeAll(async () => {
    base = await openLinkStore();
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    rig = await LinkRig.start(base.store);
  });
  afterEach(() => rig.close());

  const state = async () => {
    await rig.open.link.settled();
    return (await loadStates(rig.store, [TOTEM])).get('prova/TOTEM-01');
  };
  const stored = () => rig.store.of<LinkTables>().selectFrom('link_entry').selectAll().execute();
  const gone = () =>
    new Promise<void>((resolve) => {
      rig.open.link.onPresence(async (_tx, _from, presence) => {
        if (!presence.online) resolve();
      });
    });

  it('is welcomed, tells how it is, and is seen to be gone at once', async () => {
    const one = await rig.terminal().connect(rig.url);
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
    const lost = gone();
    one.cut();
    await lost;
    expect(await state()).toMatchObject({ online: false, why: 'lost', state: 'stopped', reason: 'offline' });
  });

  it('is seen to be gone also when it may not be heard any more', async () => {
    await rig.close();
    let admitted = true;
    rig = await LinkRig.start(base.store, { admits: async () => admitted });
    const one = await rig.terminal().connect(rig.url);
    await one.greet();
    expect(await state()).toMatchObject({ online: true });
    admitted = false;
    await rig.open.link.disconnect(TOTEM);
    await vi.waitFor(async () => expect(await state()).toMatchObject({ online: false, why: 'lost' }));
  });

  it('is asked to tell everything when a word of it is missing', async () => {
    const one = await rig.terminal().connect(rig.url);
    await one.greet();
    await one.say('reported', { form: 'patch', seq: 7, patch: { inSession: true } });
    expect((await one.next('ask')).body).toEqual({ what: 'reported' });
  });

  it('may forget its entries once they are stored, and they are stored once', async () => {
    const told: string[] = [];
    rig.open.link.onEntries('telemetry', async (_tx, _from, entries) => {
      told.push(...entries.map(({ id }) => id));
    });
    const one = await rig.terminal().connect(rig.url);
    const entries = [1, 2, 3].map((at) => entryOf(at));
    expect(Ack.parse((await one.send(entries)).body)).toEqual({ refused: [] });
    expect(Ack.parse((await one.send([...entries.toReversed(), ...entries])).body)).toEqual({ refused: [] });
    expect((await stored()).map((row) => row.entry_id).toSorted()).toEqual(
      entries.map(({ id }) => id).toSorted(),
    );
    expect(told).toEqual(entries.map(({ id }) => id));
  });

  it('is told which entries fit no schema, and the rest is stored', async () => {
    const one = await rig.terminal().connect(rig.url);
    const good = entryOf(1);
    const poisoned = { ...entryOf(2), data: { kind: 'telemetry', metrics: { 'BAD NAME': 1 } } };
    const ack = await one.send([poisoned, good, 'nothing at all', { id: 7 }]);
    expect(Ack.parse(ack.body)).toEqual({ refused: [poisoned.id] });
    expect((await stored()).map((row) => row.entry_id)).toEqual([good.id]);
    expect(rig.refused('entry-refused')).toBe(3);
  });

  it('loses nothing when the line breaks in the middle of a batch', async () => {
    const entries = Array.from({ length: 150 }, (_, at) => entryOf(at));
    const one = await rig.terminal().connect(rig.url);
    const broken: Promise<unknown>[] = [];
    for (let at = 0; at < 3; at += 1)
      broken.push(one.say('entries', { entries: entries.slice(at * 50, at * 50 + 50), dropped: 0 }));
    one.cut();
    void Promise.allSettled(broken);
    const again = rig.terminal();
    await again.connect(rig.url);
    await again.send(entries.toReversed());
    expect((await stored()).length).toBe(150);
  });

  it('gives way to a second connection of its own, and is not thought gone by the first one’s will', async () => {
    const first = await rig.terminal().connect(rig.url);
    await first.greet();
    const ended = new Promise<void>((resolve) => first.client.once('close', () => resolve()));
    const second = await rig.terminal().connect(rig.url);
    await ended;
    await second.greet();
    expect(await state()).toMatchObject({ online: true, boot: second.boot });
    // the will of the first, delivered late
    await second.say('presence', { online: false, boot: first.boot, why: 'lost' });
    await second.send([entryOf(1)]);
    expect(await state()).toMatchObject({ online: true, boot: second.boot });
  });

  it('that says good-bye is away, and so is one of which the broker knows nothing more', async () => {
    const one = await rig.terminal().connect(rig.url);
    await one.greet();
    await one.say('presence', { online: false, boot: one.boot, why: 'stopping' });
    await one.send([entryOf(1)]);
    expect(await state()).toMatchObject({ online: false, why: 'stopping' });
  });
});
