import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutsOf } from './page-cuts.ts';

describe('pages of tall content', () => {
  it('end before a line that would be cut', () => {
    const lines = [0, 40, 80, 120, 160].map((top) => ({ top, end: top + 40 }));
    expect(cutsOf(lines, 200, 100)).toEqual([
      { top: 0, end: 80 },
      { top: 80, end: 160 },
      { top: 160, end: 200 },
    ]);
  });

  it('cut what is taller than a page, since nothing else can be done', () => {
    expect(cutsOf([{ top: 0, end: 250 }], 250, 100)).toEqual([
      { top: 0, end: 100 },
      { top: 100, end: 200 },
      { top: 200, end: 250 },
    ]);
  });

  it('begin with something to read, where a part is taller than a page', () => {
    const title = { top: 36, end: 236 };
    const lines = [36, 106, 176].map((top) => ({ top, end: top + 60 }));
    expect(cutsOf([title, ...lines], 236, 150)).toEqual([
      { top: 0, end: 106 },
      { top: 106, end: 236 },
    ]);
  });

  it('make no page of a margin alone', () => {
    const code = { top: 36, end: 186 };
    expect(cutsOf([code], 186, 150)).toEqual([{ top: 36, end: 186 }]);
  });

  it('show everything once, in order, and break no line that fits a page', () => {
    const line = fc.record({ gap: fc.integer({ min: 0, max: 60 }), tall: fc.integer({ min: 10, max: 90 }) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (rows) => {
        let at = 0;
        const wholes = rows.map(({ gap, tall }) => {
          const top = at + gap;
          at = top + tall;
          return { top, end: at };
        });
        const cuts = cutsOf(wholes, at, 100);
        // every line on one page, whole and in order; only margins are left out
        for (const { top, end } of wholes)
          expect(cuts.filter((cut) => cut.top <= top && cut.end >= end)).toHaveLength(1);
        for (const [index, cut] of cuts.entries()) {
          expect(cut.end - cut.top).toBeLessThanOrEqual(100);
          if (index > 0) expect(cut.top).toBeGreaterThanOrEqual(cuts[index - 1]?.end ?? 0);
          expect(wholes.some(({ top, end }) => top < cut.end && end > cut.top)).toBe(true);
        }
      }),
    );
  });
});
