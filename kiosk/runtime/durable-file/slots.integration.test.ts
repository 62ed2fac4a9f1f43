import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DurableSlots } from './index.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'jolly-slots-'));
  path = join(dir, 'slots');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a text in two places', () => {
  it('is what was written last, over restarts', () => {
    expect(new DurableSlots(path).text).toBeUndefined();
    const slots = new DurableSlots(path);
    for (const text of ['one', 'due  due', '{"three":"più"}']) {
      slots.write(text);
      expect([slots.text, new DurableSlots(path).text]).toEqual([text, text]);
    }
  });

  it('is the new one or the one before, wherever the power went while it was written', () => {
    const slots = new DurableSlots(path);
    slots.write('before');
    const before = readFileSync(path);
    slots.write('after');
    const after = readFileSync(path);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: after.length }), (cut) => {
        const torn = Buffer.concat([after.subarray(0, cut), before.subarray(cut)]);
        writeFileSync(path, torn);
        expect(['before', 'after']).toContain(new DurableSlots(path).text);
      }),
      { numRuns: 200 },
    );
  });

  it('is none where both places are broken, and too long a one is refused', () => {
    new DurableSlots(path).write('text');
    writeFileSync(path, Buffer.alloc(4096, 'x'));
    const slots = new DurableSlots(path);
    expect(slots.text).toBeUndefined();
    expect(() => slots.write('x'.repeat(3000))).toThrow(RangeError);
    slots.write('again');
    expect(new DurableSlots(path).text).toBe('again');
  });
});
