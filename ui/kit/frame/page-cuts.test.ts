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
        expect(cuts[0]?.top).toBe(0);
        expect(cuts.at(-1)?.end).toBe(at);
        for (const [index, cut] of cuts.entries()) {
          expect(cut.end - cut.top).toBeLessThanOrEqual(100);
          if (index > 0) expect(cut.top).toBe(cuts[index - 1]?.end);
          expect(wholes.filter(({ top, end }) => top < cut.end && end > cut.end)).toEqual([]);
        }
      }),
    );
  });
});
