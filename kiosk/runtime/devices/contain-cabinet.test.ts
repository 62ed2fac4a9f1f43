import { ManualClock } from '@jolly/contracts/values';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { testConfig } from '../stand-ins/index.ts';
import { deviceLimitations, openDevices } from './index.ts';

const broken = (): never => {
  throw new Error('driver broke');
};

/** A driver whose every word is an error, once it was made. */
const breaking = () =>
  new Proxy(
    {},
    {
      get: (_target, name) =>
        name === 'then' ? undefined : name === 'onHealth' ? () => () => undefined : broken(),
    },
  ) as never;

function bench(devices: object, make: () => never = breaking) {
  const registry = new DeviceRegistry();
  for (const role of ['lights', 'presence', 'door', 'ups', 'display'] as const)
    registry.register(role, 'odd', make);
  const config = testConfig();
  const recorded: unknown[] = [];
  const record = { session: 1, take: () => undefined };
  registry.register('pos', 'ecr17', (_uri, context) => {
    recorded.push(['pos', context.record !== undefined]);
    return broken();
  });
  registry.register('card', 'pcsc', (_uri, context) => {
    recorded.push(['card', context.record !== undefined]);
    return broken();
  });
  const opened = openDevices(
    { devices: { ...config.devices, ...devices } },
    registry,
    new ManualClock(),
    () => undefined,
    record,
  );
  return { devices: opened, recorded };
}

const all = { lights: 'odd:', presence: 'odd:', door: 'odd:', ups: 'odd:', display: 'odd:' };

describe('drivers of the cabinet that break', () => {
  it.each([
    ['always', breaking],
    ['when they are made', broken as () => never],
  ])('%s: the careful answer, and the terminal goes on', async (_when, make) => {
    const { devices } = bench(all, make);
    expect(devices.door?.door).toBe('open');
    expect(devices.presence?.presence).toBe('unknown');
    expect(devices.ups?.reading.power).toBe('unknown');
    expect(devices.display?.power).toBe('unknown');
    expect(devices.lights?.names).toEqual([]);
    await devices.lights?.set('status', { rate: 'off', colour: 'white' });
    await devices.display?.turn('off');
    for (const listen of [
      () => devices.door?.onDoor(() => undefined),
      () => devices.ups?.onPower(() => undefined),
      () => devices.presence?.onPresence(() => undefined),
    ])
      expect(listen()).toBeTypeOf('function');
    expect(deviceLimitations(devices)).toContain('door-open');
    expect(devices.reports().map(({ role }) => role)).toEqual(
      expect.arrayContaining(['door', 'ups', 'lights']),
    );
    await devices.close();
  });
});

describe('a cabinet without any of them', () => {
  it('has no door that could be open, and no report of what is not there', () => {
    const { devices } = bench({});
    expect(deviceLimitations(devices)).not.toContain('door-open');
    expect(devices.reports().map(({ role }) => role)).toEqual(['pos', 'printer', 'barcode']);
  });
});

describe('recordings', () => {
  it('have no way to the wire of a citizen’s card', () => {
    const { recorded } = bench({ card: 'pcsc:x' });
    expect(recorded).toEqual([
      ['pos', true],
      ['card', false],
    ]);
  });
});
