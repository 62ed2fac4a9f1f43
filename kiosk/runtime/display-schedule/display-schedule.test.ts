import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { DisplayHours, DisplayKeeper, litByHours, wallClock } from './index.ts';

const ROME = 'Europe/Rome';
const hours = DisplayHours.parse({ mon: ['07:00', '22:00'], fri: ['08:00', '02:00'], sun: null });
const lit = (iso: string) => litByHours(hours, Date.parse(iso), ROME);

describe('the hours of a screen', () => {
  it('hold from the first minute to the one before the last', () => {
    // Monday 2 November 2026, winter time
    expect([lit('2026-11-02T05:59:00Z'), lit('2026-11-02T06:00:00Z')]).toEqual([false, true]);
    expect([lit('2026-11-02T20:59:00Z'), lit('2026-11-02T21:00:00Z')]).toEqual([true, false]);
  });

  it('go over midnight, also into a day that has none or its own', () => {
    expect([lit('2026-11-06T23:30:00Z'), lit('2026-11-07T00:59:00Z')]).toEqual([true, true]);
    // Saturday is not named: lit; Sunday is dark
    expect([lit('2026-11-07T01:01:00Z'), lit('2026-11-08T12:00:00Z')]).toEqual([true, false]);
    expect(
      litByHours(
        DisplayHours.parse({ fri: ['20:00', '02:00'], sat: null }),
        Date.parse('2026-11-07T00:59:00Z'),
        ROME,
      ),
    ).toBe(true);
    expect(
      litByHours(
        DisplayHours.parse({ fri: ['20:00', '02:00'], sat: null }),
        Date.parse('2026-11-07T01:00:00Z'),
        ROME,
      ),
    ).toBe(false);
  });

  it('are those of the wall clock on both sides of daylight saving', () => {
    // Sunday 29 March 2026: 02:00 becomes 03:00; Sunday 25 October 2026: 03:00 becomes 02:00
    const sunday = DisplayHours.parse({ sun: ['02:30', '07:00'], sat: ['06:00', '23:00'] });
    const at = (iso: string) => litByHours(sunday, Date.parse(iso), ROME);
    expect([at('2026-03-29T00:59:00Z'), at('2026-03-29T01:00:00Z')]).toEqual([false, true]);
    expect([at('2026-03-29T04:59:00Z'), at('2026-03-29T05:00:00Z')]).toEqual([true, false]);
    // the hour that comes twice has its 02:30 twice
    expect([at('2026-10-25T00:29:00Z'), at('2026-10-25T00:30:00Z')]).toEqual([false, true]);
    expect([at('2026-10-25T01:00:00Z'), at('2026-10-25T01:30:00Z')]).toEqual([false, true]);
    expect([at('2026-10-25T05:59:00Z'), at('2026-10-25T06:00:00Z')]).toEqual([true, false]);
    expect(wallClock(Date.parse('2026-10-25T01:00:00Z'), ROME)).toEqual({ day: 'sun', hour: '02:00' });
  });

  it('without any, the screen is always lit; wrong ones are refused', () => {
    expect(litByHours(undefined, 0, ROME)).toBe(true);
    for (const wrong of [{ mon: ['7', '8'] }, { mon: ['07:00'] }, { lun: null }, { mon: ['24:00', '25:00'] }])
      expect(DisplayHours.safeParse(wrong).success).toBe(false);
  });
});

function bench() {
  // Sunday, when it should be dark
  const clock = new ManualClock(Date.parse('2026-11-08T10:00:00Z'));
  const told: string[] = [];
  const state = {
    inSession: false,
    near: false,
    refuses: false,
    power: 'unknown' as 'on' | 'off' | 'unknown',
  };
  const keeper = new DisplayKeeper({
    display: {
      get power() {
        return state.power;
      },
      turn: async (power) => {
        told.push(power);
        state.power = state.refuses ? 'unknown' : power;
      },
    },
    clock,
    hours,
    timeZone: ROME,
    lingerMs: 60_000,
    inSession: () => state.inSession,
    near: () => state.near,
  });
  return { clock, told, state, keeper };
}

describe('a screen outside its hours', () => {
  it('goes dark a while after the last sign of anybody, and is lit by the next', () => {
    const { clock, told, keeper } = bench();
    clock.advance(59_000);
    expect(told).toEqual(['on']);
    clock.advance(30_000);
    expect(told).toEqual(['on', 'off']);
    keeper.sign();
    expect(told).toEqual(['on', 'off', 'on']);
  });

  it('is never dark while a session runs or somebody stands there', () => {
    const { clock, told, state, keeper } = bench();
    state.inSession = true;
    clock.advance(3_600_000);
    expect(told).toEqual(['on']);
    state.inSession = false;
    state.near = true;
    clock.advance(3_600_000);
    expect(told).toEqual(['on']);
    state.near = false;
    clock.advance(20_000);
    expect(told).toEqual(['on', 'off']);
    state.near = true;
    keeper.look();
    expect(told).toEqual(['on', 'off', 'on']);
    keeper.stop();
    state.near = false;
    clock.advance(3_600_000);
    expect(told).toHaveLength(3);
  });

  it('that refused is told again', () => {
    const { clock, told, state } = bench();
    state.refuses = true;
    clock.advance(100_000);
    expect(told.filter((power) => power === 'off').length).toBeGreaterThan(1);
    state.refuses = false;
    clock.advance(20_000);
    const before = told.length;
    clock.advance(100_000);
    expect(told).toHaveLength(before);
  });
});
