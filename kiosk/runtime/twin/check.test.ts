import { ManualClock } from '@jolly/contracts/values';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { deviceRegistry } from '../drivers.ts';
import { testConfig } from '../stand-ins/index.ts';
import { checkSettings, nextOpening, type Probe, probeDevice } from './index.ts';

const own = testConfig();
const works: Probe = async () => undefined;
const check = (settings: unknown, probe = works) =>
  checkSettings(settings, own, own, deviceRegistry(own), probe);
const faultsOf = async (settings: unknown, probe = works): Promise<Record<string, string>> => {
  const checked = await check(settings, probe);
  return checked.ok ? {} : Object.fromEntries(checked.faults.map(({ path, message }) => [path, message]));
};

describe('settings', () => {
  it('that are sound pass', async () => {
    const settings = {
      languages: ['it', 'sl'],
      openingHours: { sun: null, mon: ['08:00', '19:30'] },
      attract: { title: { it: 'Chiuso il 24' }, text: { it: 'Riapriamo il 27.' }, until: '2026-12-24' },
      services: { spontaneous: false },
      devices: { printer: 'escpos+tcp://10.0.0.9:9100?profile=epson-generic', card: '' },
    };
    expect(await check(settings)).toMatchObject({
      ok: true,
      config: { languages: ['it', 'sl'], services: { spontaneous: false, payments: true } },
    });
  });

  it('are refused with all that is wrong at once', async () => {
    const faults = await faultsOf({
      languages: ['en'],
      openingHours: { mon: ['08:00', '08:00'] },
      attract: { text: { it: 'x' } },
      devices: { pos: '', printer: 'telepathy+tcp://10.0.0.9:1', barcode: 'nobody:knows' },
    });
    expect(Object.keys(faults).toSorted()).toEqual([
      'attract.title',
      'devices.barcode',
      'devices.pos',
      'devices.printer',
      'languages',
      'openingHours.mon',
    ]);
    expect(faults['devices.printer']).toContain('DEVICE_URI_UNKNOWN');
  });

  it('of a later server, with words that this terminal does not know, are refused by name', async () => {
    expect(Object.keys(await faultsOf({ volume: 4, dance: true }))).toContain('volume');
  });

  it('bring a device that does not answer: refused; one that is on a wire in use is left to the restart', async () => {
    const asked: string[] = [];
    const silent: Probe = async (role) => {
      asked.push(role);
      return 'does not answer: unavailable';
    };
    expect(await faultsOf({ devices: { printer: 'escpos+tcp://10.0.0.9:9100' } }, silent)).toEqual({
      'devices.printer': 'does not answer: unavailable',
    });
    await faultsOf({ devices: { printer: `${own.devices.printer}?poll=9` } }, silent);
    expect(asked).toEqual(['printer']);
  });
});

it('a device is tried until it answers or its time is over, and let go', async () => {
  const clock = new ManualClock();
  let state = 'starting';
  let closed = 0;
  const registry = new DeviceRegistry().register(
    'presence',
    'test',
    () =>
      ({
        health: () => ({ state, reasons: ['cable'], since: 0, counters: {} }),
        close: async () => void closed++,
      }) as never,
  );
  const probe = probeDevice(registry, clock);
  const run = async (then: string, ms: number) => {
    const answer = probe('presence', 'test+tcp://a:1');
    state = then;
    for (let step = 0; step < ms / 250; step++) {
      clock.advance(250);
      await Promise.resolve();
    }
    return answer;
  };
  expect(await run('ready', 500)).toBeUndefined();
  state = 'starting';
  expect(await run('unavailable', 20_000)).toBe('does not answer: unavailable, cable');
  expect(closed).toBe(2);
});

describe('the next opening', () => {
  const hours = { sat: ['09:00', '12:30'], sun: null, mon: ['08:30', '18:00'] } as const;
  // 21 November 2026 is a Saturday; Rome is an hour ahead of UTC
  const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour - 1);
  const next = (day: number, hour: number) =>
    nextOpening(structuredClone(hours) as never, at(day, hour), 'Europe/Rome');

  it.each([
    [21, 8, { inDays: 0, day: 'sat', hour: '09:00' }],
    [21, 10, undefined],
    [21, 13, { inDays: 2, day: 'mon', hour: '08:30' }],
    [22, 10, { inDays: 1, day: 'mon', hour: '08:30' }],
    [23, 19, { inDays: 1, day: 'tue', hour: '00:00' }],
  ] as const)('on %i November at %i', (day, hour, expected) => {
    expect(next(day, hour)).toEqual(expected);
  });

  it('is never where hours are not named, or none is left', () => {
    expect(nextOpening(undefined, at(21, 3), 'Europe/Rome')).toBeUndefined();
  });
});
