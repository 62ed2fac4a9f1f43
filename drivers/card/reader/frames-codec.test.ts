import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './frames-codec.ts';

describe('frames', () => {
  it.each([2, 4] as const)('come through whole however the stream is cut (length in %i bytes)', (prefix) => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Uint8Array.from(sent.flatMap((body) => [...encodeFrame(prefix, body)]));
        const reader = new FrameReader(prefix, 300);
        const heard: Uint8Array[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1;
          expect(
            reader.push(stream.subarray(at, at + size), (body) => heard.push(body.slice())),
          ).toBeUndefined();
          at += size;
        }
        expect(heard).toEqual(sent);
        expect(reader.pending).toBe(0);
      }),
    );
  });

  it('are given up at an empty one and at one too long, and nothing is taken any more', () => {
    const heard: number[] = [];
    for (const [bytes, fault] of [
      [Uint8Array.of(0, 0, 0, 1, 7), 'empty-frame'],
      [Uint8Array.of(0, 11, 1), 'frame-too-long'],
      [Uint8Array.of(0xff, 0xff), 'frame-too-long'],
    ] as const) {
      const reader = new FrameReader(2, 10);
      expect(reader.push(bytes, (body) => heard.push(body.length))).toBe(fault);
      expect(reader.push(Uint8Array.of(0, 1, 1), (body) => heard.push(body.length))).toBe(fault);
      expect(reader.pending).toBe(0);
    }
    expect(heard).toEqual([]);
  });

  it('leave nothing behind: what was handed out is wiped', () => {
    const reader = new FrameReader(2, 10);
    let view: Uint8Array | undefined;
    reader.push(Uint8Array.of(0, 2, 0x31, 0x32), (body) => {
      view = body;
      expect(body).toEqual(Uint8Array.of(0x31, 0x32));
    });
    expect(view).toEqual(new Uint8Array(2));
  });

  it('of no bytes, or too many, are not made', () => {
    expect(() => encodeFrame(2)).toThrow(RangeError);
    expect(() => encodeFrame(2, new Uint8Array(65_536))).toThrow(RangeError);
  });
});
