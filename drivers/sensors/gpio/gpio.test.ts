import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { registerGpioLights } from '../../lights/gpio/index.ts';
import { type Programs, programError } from '../../programs/index.ts';
import { DeviceRegistry } from '../../registry/index.ts';
import { decodeEdge, decodeLevel, registerGpioSensors } from './index.ts';

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

function bench() {
  const clock = new ManualClock();
  const called: string[] = [];
  const state = { level: '1', absent: false, held: 0 };
  const watched: { line(line: string): void; ended(reason: string): void; stopped: boolean }[] = [];
  const programs: Programs = {
    run: async (program, args) => {
      called.push([program, ...args].join(' '));
      if (state.absent) throw programError('PROGRAM_ABSENT', { program });
      if (state.held > 0) {
        state.held--;
        throw programError('PROGRAM_FAILED', { program, status: 1, why: 'Device or resource busy' });
      }
      return state.level;
    },
    watch: (program, args, on) => {
      called.push([program, ...args].join(' '));
      const one = { line: on.line, ended: on.ended, stopped: false };
      watched.push(one);
      return {
        stop: () => {
          one.stopped = true;
        },
      };
    },
  };
  const registry = registerGpioLights(registerGpioSensors(new DeviceRegistry(), programs), programs);
  const context = { clock, log: () => undefined };
  return { clock, called, state, watched, registry, context };
}

describe('what the GPIO tools say', () => {
  it('is read in both of their formats', () => {
    expect(decodeEdge('event:  RISING EDGE offset: 17 timestamp: [    1623.123456789]')).toBe(true);
    expect(decodeEdge('event: FALLING EDGE offset: 17 timestamp: [    1623.123456789]')).toBe(false);
    expect(decodeEdge('1623.123456789\trising\tgpiochip0 17')).toBe(true);
    expect(decodeEdge('gpiomon: error')).toBeUndefined();
    expect([
      decodeLevel('1\n'),
      decodeLevel('0'),
      decodeLevel('"17"=active'),
      decodeLevel('"17"=inactive'),
    ]).toEqual([true, false, true, false]);
    expect(decodeLevel('')).toBeUndefined();
  });
});

describe('a door on a GPIO line', () => {
  it('follows its edges, and a tool that ends is an open door until it runs again', async () => {
    const { registry, context, called, watched, clock } = bench();
    const door = registry.create('door', 'gpio:gpiochip0/17?active=low&bias=pull-up', context);
    expect(door.door).toBe('open');
    await settle();
    clock.advance(50);
    expect(door.door).toBe('closed');
    expect(called).toEqual([
      'gpioget --active-low --bias=pull-up gpiochip0 17',
      'gpiomon --line-buffered --active-low --bias=pull-up gpiochip0 17',
    ]);
    watched[0]?.line('event: FALLING EDGE offset: 17 timestamp: [1.0]');
    clock.advance(50);
    expect(door.door).toBe('open');
    watched[0]?.line('event: RISING EDGE offset: 17 timestamp: [1.0]');
    clock.advance(50);
    watched[0]?.ended('program-failed');
    expect(door.door).toBe('open');
    expect(door.health()).toMatchObject({ state: 'unavailable', reasons: ['program-failed'] });
    clock.advance(5_000);
    await settle();
    clock.advance(50);
    expect(door.door).toBe('closed');
    await door.close();
    expect(watched.at(-1)?.stopped).toBe(true);
  });

  it('that was opened before the monitor ran is found open all the same', async () => {
    const { registry, context, state, watched, clock } = bench();
    const door = registry.create('door', 'gpio:gpiochip0/17', context);
    await settle();
    clock.advance(50);
    expect(door.door).toBe('closed');
    // no edge: it came between the look and the monitor
    state.level = '0';
    clock.advance(30_000);
    await settle();
    clock.advance(50);
    expect(door.door).toBe('open');
    expect(watched.map(({ stopped }) => stopped)).toEqual([true, false]);
    await door.close();
    expect(watched.at(-1)?.stopped).toBe(true);
  });

  it('is not lost while the old monitor still holds the line', async () => {
    const { registry, context, state, watched, clock } = bench();
    const door = registry.create('door', 'gpio:gpiochip0/17', context);
    const seen: string[] = [];
    await settle();
    clock.advance(50);
    door.onDoor((now) => seen.push(now));
    state.held = 2;
    clock.advance(30_000);
    for (let turn = 0; turn < 3; turn++) {
      await settle();
      clock.advance(200);
    }
    expect([seen, door.door, door.health().state]).toEqual([[], 'closed', 'ready']);
    expect(watched.filter(({ stopped }) => !stopped)).toHaveLength(1);
    state.held = 1_000;
    clock.advance(30_000);
    for (let turn = 0; turn < 11; turn++) {
      await settle();
      clock.advance(200);
    }
    expect([seen, door.health().reasons]).toEqual([['open'], ['program-failed']]);
    await door.close();
  });

  it('says which program is missing, and a wrong address is refused', async () => {
    const { registry, context, state } = bench();
    state.absent = true;
    const presence = registry.create('presence', 'gpio:gpiochip0/4?tools=2', context);
    await settle();
    expect(presence.presence).toBe('unknown');
    expect(presence.health().reasons).toEqual(['program-absent']);
    expect(await presence.selfTest()).toMatchObject([{ ok: false, detail: 'program-absent' }]);
    await presence.close();
    for (const uri of ['gpio:17', 'gpio:a/b', 'gpio:gpiochip0/1?active=maybe', 'gpio:../x/1'])
      expect(() => registry.create('door', uri, context)).toThrow(/GPIO_SETTING_INVALID/);
  });
});

describe('a light on a GPIO line', () => {
  it('is held, pulses at 1 Hz at most, and is let go of at the end', async () => {
    const { registry, context, called, watched, clock } = bench();
    const lights = registry.create('lights', 'gpio:gpiochip0/22?light=barcode', context);
    expect(lights.names).toEqual(['barcode']);
    await lights.set('barcode', { rate: 'quick', colour: 'blue' });
    clock.advance(1_000);
    expect(called).toEqual([
      'gpioset --mode=signal gpiochip0 22=1',
      'gpioset --mode=signal gpiochip0 22=0',
      'gpioset --mode=signal gpiochip0 22=1',
    ]);
    expect(watched.filter(({ stopped }) => !stopped)).toHaveLength(1);
    await lights.close();
    expect(watched.every(({ stopped }) => stopped)).toBe(true);
  });
});
