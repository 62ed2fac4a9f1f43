import type { DeviceReport } from '@jolly/contracts/device-report';
import type { EntryData, Reported, ReportedMessage } from '@jolly/contracts/fleet-link';
import { applyMergePatch, type Json } from '@jolly/contracts/twin';
import { ManualClock } from '@jolly/contracts/values';
import { beforeEach, describe, expect, it } from 'vitest';
import { DeviceNews, ReportedTeller } from './index.ts';

const printer: DeviceReport = {
  role: 'printer',
  uri: 'escpos+tcp://h:1',
  state: 'ready',
  reasons: [],
  since: 1,
  counters: { jobs: 1 },
};
let reported: Reported;
let clock: ManualClock;
let sent: ReportedMessage[];
let goes: boolean;
let teller: ReportedTeller;

beforeEach(() => {
  reported = {
    software: '0.1.0',
    startedAt: 1,
    mode: 'in-service',
    devices: [printer],
    limitations: [],
    consumables: [],
    openPayments: 0,
    inSession: false,
    settings: { version: 0 },
    backlog: { letters: 0, entries: 0, dropped: 0 },
    host: { memoryFreeMb: 100, memoryTotalMb: 200 },
    network: { reconnects: 0 },
  };
  clock = new ManualClock();
  sent = [];
  goes = true;
  teller = new ReportedTeller({
    clock,
    send: (message) => {
      if (goes) sent.push(message);
      return goes;
    },
  });
  teller.source = () => reported;
});
const change = (more: Partial<Reported>) => {
  reported = { ...reported, ...more };
  teller.changed();
};
const patches = () => sent.map((message) => (message.form === 'patch' ? message.patch : 'whole'));

describe('how the terminal is', () => {
  it('is told whole at first, then only what changed, and the server’s copy is always the same', () => {
    teller.open();
    change({ devices: [{ ...printer, state: 'unavailable', reasons: ['unplugged'] }] });
    clock.advance(250);
    change({ openPayments: 1 });
    clock.advance(10_000);
    change({ openPayments: 0, inSession: true });
    clock.advance(10_000);
    expect(sent.map(({ form, seq }) => [form, seq])).toEqual([
      ['whole', 0],
      ['patch', 1],
      ['patch', 2],
      ['patch', 3],
    ]);
    let copy: Json = null;
    for (const each of sent)
      copy = each.form === 'whole' ? (each.reported as Json) : applyMergePatch(copy, each.patch as Json);
    expect(copy).toEqual(reported);
  });

  it('is told a quarter of a second after a device changed, other news every ten seconds at most', () => {
    teller.open();
    change({ devices: [{ ...printer, state: 'unavailable' }] });
    clock.advance(249);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    expect(sent).toHaveLength(2);
    change({ inSession: true });
    clock.advance(9_999);
    expect(sent).toHaveLength(2);
    clock.advance(1);
    expect(patches()[2]).toEqual({ inSession: true });
  });

  it('is no news where only measures moved: they go once a minute, or with the next news', () => {
    teller.open();
    change({ host: { memoryFreeMb: 99, memoryTotalMb: 200 } });
    change({ backlog: { letters: 0, entries: 2, dropped: 0 } });
    clock.advance(59_999);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    expect(patches()[1]).toEqual({ host: { memoryFreeMb: 99 }, backlog: { entries: 2 } });
    change({ host: { memoryFreeMb: 98, memoryTotalMb: 200 }, mode: 'closed' });
    clock.advance(250);
    expect(patches()[2]).toEqual({ host: { memoryFreeMb: 98 }, mode: 'closed' });
  });

  it('that went while the link broke is told whole by the next one', () => {
    teller.open();
    teller.shut();
    change({ inSession: true });
    clock.advance(60_000);
    expect(sent).toHaveLength(1);
    teller.open();
    expect(sent[1]).toEqual({ form: 'whole', seq: 1, reported });
  });

  it('is told again whole when asked', () => {
    teller.open();
    teller.whole();
    expect(patches()).toEqual(['whole', 'whole']);
  });
});

it('a device is news when its state or reasons change, not while it works', () => {
  const entries: EntryData[] = [];
  const news = new DeviceNews((entry) => void entries.push(entry));
  for (const state of ['starting', 'ready', 'busy', 'ready', 'out-of-paper'] as const)
    news.look([{ ...printer, state, reasons: state === 'out-of-paper' ? ['Paper Out!'] : [] }]);
  expect(entries).toEqual([
    { kind: 'device', role: 'printer', state: 'ready', reasons: [] },
    { kind: 'device', role: 'printer', state: 'out-of-paper', reasons: ['paper-out-'] },
  ]);
});
