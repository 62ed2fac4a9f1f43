import { describe, expect, it } from 'vitest';
import { boundsOfDay, dayOf } from './index.ts';

const HOUR = 3_600_000;

describe('days of a place', () => {
  it('belong to the zone, not to UTC', () => {
    expect(dayOf(Date.UTC(2026, 10, 20, 23, 30), 'Europe/Rome')).toBe('2026-11-21');
    expect(dayOf(Date.UTC(2026, 10, 20, 22, 59, 59), 'Europe/Rome')).toBe('2026-11-20');
  });

  it.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-11-21', 24],
  ])('%s has %i hours in Rome', (day, hours) => {
    const { from, to } = boundsOfDay(day, 'Europe/Rome');
    expect((to - from) / HOUR).toBe(hours);
    expect(dayOf(from, 'Europe/Rome')).toBe(day);
    expect(dayOf(from - 1, 'Europe/Rome')).not.toBe(day);
    expect(dayOf(to - 1, 'Europe/Rome')).toBe(day);
  });
});
