import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PadLine, padLine, readPadLines } from './codec.ts';

const line: fc.Arbitrary<PadLine> = fc.oneof(
  fc.record({
    line: fc.constantFrom('down' as const, 'up' as const),
    code: fc.stringMatching(/^[\w-]{1,12}$/),
  }),
  fc.record({ line: fc.constant('jack' as const), plugged: fc.boolean() }),
  fc.integer({ min: 0, max: 100 }).map((level) => ({ line: 'level' as const, level: level / 100 })),
  fc.constant({ line: 'ask' as const }),
);

describe('lines of a keypad', () => {
  it('are read in any pieces', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), fc.integer({ min: 1, max: 9 }), (sent, size) => {
        const text = sent.map(padLine).join('');
        const got: PadLine[] = [];
        let rest = '';
        for (let at = 0; at < text.length; at += size) {
          const read = readPadLines(rest + text.slice(at, at + size));
          expect(read.faults).toBe(0);
          got.push(...read.lines);
          rest = read.rest;
        }
        expect(rest).toBe('');
        expect(got).toEqual(sent);
      }),
    );
  });

  it('that are none are counted and let fall', () => {
    expect(readPadLines('D up\r\nX 1\nJ 2\nV 101\n\nU up\nD ')).toEqual({
      lines: [
        { line: 'down', code: 'up' },
        { line: 'up', code: 'up' },
      ],
      faults: 3,
      rest: 'D ',
    });
    expect(readPadLines('z'.repeat(5000))).toEqual({ lines: [], faults: 1, rest: '' });
  });
});
