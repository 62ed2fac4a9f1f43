import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUp, HOUR_MS } from './hours.ts';

const T = Date.UTC(2026, 10, 21, 9, 24);
const entry = (at: number, metrics: Record<string, number>, receivedAt = at) => ({
  at,
  receivedAt,
  data: JSON.stringify({ kind: 'telemetry', metrics }),
});

describe('measures added up by the hour', () => {
  it('say how many, the least, the most and the sum of each', () => {
    const hours = addUp([
      entry(T, { 'disk-free-mb': 10, load: 1 }),
      entry(T + 1_000, { 'disk-free-mb': 4 }),
      entry(T + HOUR_MS, { load: 3 }),
    ]);
    const first = Math.floor(T / HOUR_MS) * HOUR_MS;
    expect(hours).toEqual([
      { metric: 'disk-free-mb', hour: first, n: 2, least: 4, most: 10, total: 14 },
      { metric: 'load', hour: first, n: 1, least: 1, most: 1, total: 1 },
      { metric: 'load', hour: first + HOUR_MS, n: 1, least: 3, most: 3, total: 3 },
    ]);
  });

  it('are those of the day on which they came where the terminal’s clock was in the future', () => {
    const [hour] = addUp([entry(T + 400 * 24 * HOUR_MS, { load: 1 }, T)]);
    expect(hour?.hour).toBe(Math.floor(T / HOUR_MS) * HOUR_MS);
  });

  it('take no harm from what is no measure', () => {
    const texts = ['', '{', '{"kind":"event","event":"started","detail":{}}', 'null'];
    expect(addUp(texts.map((data) => ({ at: T, receivedAt: T, data })))).toEqual([]);
  });

  it('lose nothing, however they are cut', () => {
    const metrics = fc.dictionary(fc.constantFrom('a', 'b'), fc.integer({ min: -1_000, max: 1_000 }));
    const entries = fc.array(fc.record({ after: fc.nat(3 * HOUR_MS), metrics }), { maxLength: 40 });
    fc.assert(
      fc.property(entries, (all) => {
        const hours = addUp(all.map((each) => entry(T + each.after, each.metrics)));
        const values = all.flatMap((each) => Object.values(each.metrics));
        const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
        expect(sum(hours.map(({ n }) => n))).toBe(values.length);
        expect(sum(hours.map(({ total }) => total))).toBe(sum(values));
        for (const { least, most, n, total } of hours) {
          expect(least * n <= total && total <= most * n).toBe(true);
        }
      }),
    );
  });
});
