import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeOrder,
  decodeReport,
  encodeOrder,
  encodeReport,
  type Order,
  type Report,
} from './messages-codec.ts';

const body = (frame: Uint8Array) => frame.slice(4);
const number = fc.integer({ min: 0, max: 0xffff_ffff });
const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 1, maxLength: 40 });
const reader = fc.record({
  name: fc.string({ minLength: 1, maxLength: 60, unit: 'binary-ascii' }),
  state: fc.constantFrom('empty', 'card', 'mute'),
  moves: number,
  atr: fc.uint8Array({ maxLength: 33 }),
});

describe('what terminal and PC/SC process say to each other', () => {
  it('comes through as it was said', () => {
    const orders: fc.Arbitrary<Order> = fc.record({
      kind: fc.constantFrom('open', 'transmit', 'release'),
      number,
      bytes: fc.uint8Array({ maxLength: 300 }),
    });
    const reports: fc.Arbitrary<Report> = fc.oneof(
      fc.record({ kind: fc.constant('readers'), readers: fc.array(reader, { maxLength: 4 }) }),
      fc.record({ kind: fc.constant('trouble'), word: fc.oneof(word, fc.constant('')) }),
      fc.record({ kind: fc.constant('opened'), number, protocol: fc.constantFrom('T=0', 'T=1') }),
      fc.record({ kind: fc.constant('answer'), number, bytes: fc.uint8Array({ maxLength: 300 }) }),
      fc.record({ kind: fc.constant('released'), number }),
      fc.record({ kind: fc.constant('failed'), number, word }),
    );
    fc.assert(
      fc.property(orders, (order) => {
        expect(decodeOrder(body(encodeOrder(order)))).toEqual(order);
      }),
    );
    fc.assert(
      fc.property(reports, (said) => {
        expect(decodeReport(body(encodeReport(said)))).toEqual(said);
      }),
    );
  });

  it('is nothing, and never a fault, for any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 0, max: 8 }), (bytes, kind) => {
        const other = bytes.length > 0 ? bytes.with(0, kind) : bytes;
        decodeOrder(other);
        decodeReport(other);
      }),
      { numRuns: 2_000 },
    );
    expect(decodeReport(Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff))).toBeUndefined();
    expect(decodeReport(Uint8Array.of(2, 0, 0, 0, 0, 0x20))).toBeUndefined();
    expect(decodeOrder(Uint8Array.of(9, 0, 0, 0, 0))).toBeUndefined();
  });
});
