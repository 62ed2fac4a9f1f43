import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figureOf, median, quantile, rounded } from './statistics.ts';

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('a quantile', () => {
  it('is the middle of an odd number and between the two middles of an even number', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48);
  });

  it('is not a number where nothing was measured', () => {
    expect(median([])).toBeNaN();
  });

  it('lies among the samples, grows with its share and does not change them', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const before = [...values];
        const found = quantile(values, share);
        expect(found).toBeGreaterThanOrEqual(Math.min(...values));
        expect(found).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        expect(quantile(values, share / 2)).toBeLessThanOrEqual(found + 1e-6);
        expect(values).toEqual(before);
      }),
    );
  });
});

describe('a figure', () => {
  it('says median, p95, how many and the unit', () => {
    expect(figureOf([1, 2, 3], 'ms')).toEqual({ median: 2, p95: 2.9, n: 3, unit: 'ms' });
  });

  it('is judged by what its goal names', () => {
    const values = [1, 1, 1, 1, 100];
    expect(figureOf(values, 'ms', { median: 'most', is: 1.5 })).toMatchObject({
      goal: 'median ≤ 1.5 ms',
      met: true,
    });
    expect(figureOf(values, 'ms', { p95: 'most', is: 50 })).toMatchObject({
      goal: 'p95 ≤ 50 ms',
      met: false,
    });
    expect(figureOf(values, '1/s', { median: 'least', is: 2 })).toMatchObject({ met: false });
  });

  it('is never met when nothing was measured', () => {
    expect(figureOf([], 'ms', { p95: 'most', is: 50 }).met).toBe(false);
    expect(figureOf([], 'ms', { p95: 'least', is: 50 }).met).toBe(false);
  });

  it('is judged before it is rounded', () => {
    expect(figureOf([1.5001], '×', { median: 'most', is: 1.5 })).toMatchObject({ median: 1.5, met: false });
  });
});

describe('rounding', () => {
  it('keeps what can be trusted', () => {
    expect([0.012_345, 12.345, 999.6, 123_456.7, 0].map(rounded)).toEqual([0.0123, 12.3, 1000, 123_457, 0]);
  });
});
