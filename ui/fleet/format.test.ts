import { describe, expect, it } from 'vitest';
import { throttled } from './api/throttle.ts';
import { ago, lasting, localOf, sum, zonedAt } from './format.ts';
import { en } from './messages/en.ts';
import { it as italian } from './messages/it.ts';
import { codeOf, groupedCode } from './pages/enrolment/code.ts';
import { shownHours } from './pages/terminal/hours.tsx';
import { hashOf, partsOf } from './route.ts';

const now = Date.parse('2026-11-21T09:44:12Z');

describe('ages', () => {
  it('are seconds, minutes, then the hour, then the day', () => {
    expect(ago(now - 3_000, now)).toBe('3 s fa');
    expect(ago(now - 25 * 60_000, now)).toBe('25 min fa');
    expect(ago(now - 3 * 3_600_000, now)).toBe('07:44');
    expect(ago(now - 30 * 3_600_000, now)).toBe('20 nov, 04:44');
    expect(ago(undefined, now)).toBe('mai');
    // a clock that is a little ahead is no age below zero
    expect(ago(now + 2_000, now)).toBe('0 s fa');
  });

  it('last for minutes, hours, days', () => {
    expect(lasting(38 * 60_000)).toBe('38 min');
    expect(lasting(5 * 3_600_000)).toBe('5 ore');
    expect(lasting(12 * 86_400_000)).toBe('12 giorni');
  });
});

describe('words and numbers', () => {
  it('are the same keys in both languages', () => {
    expect(Object.keys(en).toSorted()).toEqual(Object.keys(italian).toSorted());
  });

  it('leave cents out where there are none', () => {
    expect(sum(2_148_000)).toBe('21.480\u00a0€');
    expect(sum(2_148_050)).toBe('21.480,50\u00a0€');
  });

  it('read a local time in the place’s zone, winter and summer', () => {
    for (const at of [now - (now % 60_000), Date.parse('2026-07-01T10:00:00Z')]) {
      expect(zonedAt(localOf(at))).toBe(at);
    }
    expect(localOf(now)).toBe('2026-11-21T10:44');
  });
});

describe('addresses and codes', () => {
  it('come back as they went', () => {
    expect(partsOf(hashOf('settings', 'site', 'a/b ü'))).toEqual(['settings', 'site', 'a/b ü']);
    expect(partsOf('')).toEqual([]);
    expect(partsOf('#/add/%E0%A4%A')).toEqual(['add', '%E0%A4%A']);
  });

  it('are codes in any writing', () => {
    expect(codeOf(' k7qw-m4xp ')).toBe('K7QWM4XP');
    expect(groupedCode('K7QWM4XP')).toBe('K7QW M4XP');
    expect(codeOf('K7QWM4X0')).toBeUndefined();
  });

  it('show office hours and every hour in which somebody paid', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => (hour === 21 ? 1 : 0));
    expect(shownHours(hours)[0]).toBe(7);
    expect(shownHours(hours).at(-1)).toBe(21);
  });
});

describe('reading again', () => {
  it('happens at once, then once in a while however often it is asked', () => {
    let at = 0;
    let waiting: { readonly due: number; readonly run: () => void } | undefined;
    let runs = 0;
    const asking = throttled(1_000, () => runs++, {
      now: () => at,
      after(ms, run) {
        waiting = { due: at + ms, run };
        return () => {
          waiting = undefined;
        };
      },
    });
    for (let n = 0; n < 50; n++) asking.ask();
    expect(runs).toBe(1);
    at = 1_000;
    waiting?.run();
    expect(runs).toBe(2);
    asking.ask();
    asking.cancel();
    expect(waiting).toBeUndefined();
  });
});
