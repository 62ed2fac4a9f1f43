import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import type { CloseDayOptions, DayClose } from '../payments/index.ts';
import { DayEnd } from './day-end.ts';

function bench(start: string, answer: (day: string) => DayClose = () => 'closed') {
  const clock = new ManualClock(Date.parse(start));
  const asked: string[] = [];
  const state = { idle: true };
  const dayEnd = new DayEnd({
    clock,
    timeZone: 'Europe/Rome',
    hour: '00:01',
    desk: {
      closeDay: async (day: string, options: CloseDayOptions) => {
        asked.push(`${day}${options.askPos ? ' pos' : ''}${options.insist ? ' insist' : ''}`);
        return answer(day);
      },
    },
    idle: () => state.idle,
    log: () => undefined,
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 30_000) {
      clock.advance(Math.min(left, 30_000));
      for (let turn = 0; turn < 40; turn++) await Promise.resolve();
    }
  };
  return { asked, state, dayEnd, pass };
}

describe('day end', () => {
  it('waits for the hour after midnight of the place, then closes yesterday at the POS', async () => {
    const { asked, pass, dayEnd } = bench('2026-11-21T22:59:50Z'); // 23:59:50 in Rome
    await pass(30_000);
    expect(asked).toEqual([]);
    await pass(60_000);
    expect(asked.at(-1)).toBe('2026-11-21 pos');
    dayEnd.stop();
  });

  it('makes up for the days in which the terminal was off, without asking the POS for figures it no longer has', async () => {
    const { asked, pass, dayEnd } = bench('2026-11-21T08:00:00Z');
    await pass(30_000);
    expect(asked).toHaveLength(7);
    expect(asked[0]).toBe('2026-11-14 insist');
    expect(asked.at(-1)).toBe('2026-11-20 pos insist');
    dayEnd.stop();
  });

  it('does nothing while a citizen is served', async () => {
    const { asked, state, pass, dayEnd } = bench('2026-11-21T08:00:00Z');
    state.idle = false;
    await pass(30_000);
    expect(asked).toEqual([]);
    state.idle = true;
    await pass(30_000);
    expect(asked).toHaveLength(7);
    dayEnd.stop();
  });

  it('asks again at the next look while the POS gives no figures, and insists after six hours', async () => {
    const { asked, pass, dayEnd } = bench('2026-11-20T23:05:00Z', () => 'later');
    await pass(30_000);
    expect(asked.at(-1)).toBe('2026-11-20 pos');
    await pass(6 * 3_600_000);
    expect(asked.at(-1)).toBe('2026-11-20 pos insist');
    dayEnd.stop();
  });
});
