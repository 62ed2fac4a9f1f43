import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bucket, PacketMeter } from './meter.ts';

/** A packet of that many bytes behind its head. */
function packet(length: number): number[] {
  const head = [0x30];
  let left = length;
  do {
    head.push((left % 128) | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return [...head, ...new Array<number>(length).fill(0xff)];
}

describe('the meter of packets', () => {
  it('counts them however the bytes are cut', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (lengths, cuts) => {
          const bytes = Uint8Array.from(lengths.flatMap(packet));
          const meter = new PacketMeter(400);
          let seen = 0;
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const end = at + (cuts[turn % cuts.length] ?? 1);
            seen += meter.feed(bytes.subarray(at, end)) ?? Number.NaN;
            at = end;
          }
          expect(seen).toBe(lengths.length);
        },
      ),
    ));

  it('knows what is too large by its head, and what is no length', () => {
    expect(new PacketMeter(400).feed(Uint8Array.from(packet(401)).subarray(0, 3))).toBeUndefined();
    expect(new PacketMeter(1e9).feed(Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80))).toBeUndefined();
    const meter = new PacketMeter(10);
    meter.allow(400);
    expect(meter.feed(Uint8Array.from(packet(400)))).toBe(1);
  });
});

it('lets a burst through and then so much a second', () => {
  const bucket = new Bucket(10, 0);
  expect(bucket.take(100, 0)).toBe(0);
  expect(bucket.take(5, 0)).toBe(500);
  expect(bucket.take(0, 500)).toBe(0);
  expect(bucket.take(1_000, 1_000_000)).toBe(90_000);
});
