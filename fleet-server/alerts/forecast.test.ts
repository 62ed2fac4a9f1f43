import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, type Sample } from './forecast.ts';

const HOUR = 3_600_000;
const sample = (hours: number, left: number): Sample => ({ at: hours * HOUR, left, used: undefined });

describe('the forecast', () => {
  it('is exact where paper is used evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 7, max: 60 }), (perThousand, hours) => {
        const leftAfter = (h: number) => 1 - (perThousand / 1000) * h;
        const samples = Array.from({ length: hours + 1 }, (_, h) => sample(h, leftAfter(h))).filter(
          ({ left }) => (left ?? 0) > 0,
        );
        const last = samples.at(-1);
        if (!last || samples.length < 8) return;
        const end = endOf(samples, last.at);
        expect(end).toBeDefined();
        expect(Math.abs((end ?? 0) - (1000 / perThousand) * HOUR)).toBeLessThan(HOUR / 60);
      }),
    );
  });
  it('a new roll begins a new count, and the pace is kept', () => {
    const samples = [sample(0, 0.4), sample(10, 0.2), sample(11, 1), sample(21, 0.8)];
    expect(endOf(samples, 21 * HOUR)).toBe(61 * HOUR);
  });
  it('says nothing where nothing is known, used or near', () => {
    expect(endOf([], 0)).toBeUndefined();
    expect(endOf([sample(0, 0.9), sample(1, 0.8)], HOUR)).toBeUndefined();
    expect(endOf([sample(0, 0.9), sample(48, 0.9)], 48 * HOUR)).toBeUndefined();
    expect(endOf([sample(0, 0.9001), sample(48, 0.9)], 48 * HOUR)).toBeUndefined();
  });
});
