import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import {
  decodeSerial,
  encodeSerial,
  endScan,
  forget,
  isAtStart,
  LONGEST_SCAN,
  NOTHING_READ,
  type SerialEvent,
  type SerialRest,
  SUFFIXES,
  type Suffix,
} from './codec.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const ascii = (text: string) => new TextEncoder().encode(text);

/** All messages of these reads, the last one ended by silence. */
function readAll(chunks: readonly Uint8Array[], suffix: Suffix = 'auto') {
  let rest: SerialRest = NOTHING_READ;
  const events: SerialEvent[] = [];
  for (const chunk of chunks) {
    const decoded = decodeSerial(rest, chunk, suffix);
    events.push(...decoded.events);
    rest = decoded.rest;
  }
  events.push(...endScan(rest, suffix).events);
  return events.map((event) => (event.event === 'scan' ? event.scan : event.code));
}

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const marks = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return marks.slice(1).map((end, index) => bytes.subarray(marks[index], end));
}

interface Vector {
  readonly bytes?: string;
  readonly chunks?: string[];
  readonly framing?: string;
  readonly expect: { aim?: string; data: string } | string[];
}

describeWithShared('the published serial readings', ['devices', 'barcode.json'], (file) => {
  const { serial } = JSON.parse(readFileSync(file, 'utf8')) as { serial: Vector[] };
  it.each(serial)('$framing', ({ bytes, chunks, expect: wanted }) => {
    const scans = readAll((chunks ?? [bytes ?? '']).map(hex));
    const expected = Array.isArray(wanted)
      ? wanted.map((text) => ({ text }))
      : [wanted.aim === undefined ? { text: wanted.data } : { text: wanted.data, aim: wanted.aim }];
    expect(scans).toEqual(expected);
  });
});

describe('a serial reading', () => {
  const fixed = SUFFIXES.filter((suffix): suffix is Exclude<Suffix, 'auto'> => suffix !== 'auto');
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((value) => !/[\p{Cc}\p{Cs}]/u.test(value) && !value.startsWith(']'));

  it('is the same however the reads are cut, under its own suffix and under auto', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text, aim: fc.constantFrom(']Q1', ']d1', ']C0', ']z0') }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(...fixed),
        fc.boolean(),
        fc.array(fc.nat(500), { maxLength: 8 }),
        (scans, suffix, auto, places) => {
          const bytes = Buffer.concat(scans.map((scan) => encodeSerial(scan, suffix)));
          expect(readAll(cut(bytes, places), auto ? 'auto' : suffix)).toEqual(scans);
        },
      ),
    );
  });

  it('keeps the line ends of the code under CR LF and between STX and ETX', () => {
    const epc = { text: 'BCD\n002\n1\nSCT' };
    expect(readAll([encodeSerial(epc, 'crlf')], 'crlf')).toEqual([epc]);
    expect(readAll([encodeSerial(epc, 'stx-etx')])).toEqual([epc]);
  });

  it('is UTF-8 where it can be and Latin-1 otherwise', () => {
    expect(readAll([hex('c3a00d')])).toEqual([{ text: 'à' }]);
    expect(readAll([hex('e00d')])).toEqual([{ text: 'à' }]);
  });

  it('ends by silence, also without its LF or with a stray one before it', () => {
    expect(readAll([ascii('AB')])).toEqual([{ text: 'AB' }]);
    expect(readAll([ascii('AB\r')], 'crlf')).toEqual([{ text: 'AB' }]);
    expect(readAll([ascii('A\r\nB\r\nC')], 'cr')).toEqual([{ text: 'A' }, { text: 'B' }, { text: 'C' }]);
  });

  it('is never empty: an identifier or an end alone is nothing', () => {
    expect(readAll([ascii('\r\n\r\n]Q1\r\t')])).toEqual([]);
  });

  it('keeps the separator of GS1 and what only looks like an identifier', () => {
    expect(readAll([ascii(']C1415801\u001d390210\r')])).toEqual([{ text: '415801\u001d390210', aim: ']C1' }]);
    expect(readAll([ascii(']]x\r')])).toEqual([{ text: ']]x' }]);
  });

  it('longer than 3 KB is dropped with a named error, and the next is read', () => {
    const long = 'x'.repeat(LONGEST_SCAN);
    expect(readAll([ascii(`${long}\r`)])).toEqual([{ text: long }]);
    expect(readAll([ascii(`${long}y`), ascii('zzz'), ascii('z\rA\r')])).toEqual([
      'BARCODE_OVERRUN',
      { text: 'A' },
    ]);
    expect(readAll([ascii(`${long}yz\r`), ascii('\nA\r\n')], 'crlf')).toEqual([
      'BARCODE_OVERRUN',
      { text: 'A' },
    ]);
  });

  it('begun before it was wanted is dropped to its end', () => {
    const begun = decodeSerial(NOTHING_READ, ascii('PAGOPA|00'), 'auto').rest;
    const after = decodeSerial(forget(begun), ascii('2|123\rA\r'), 'auto');
    expect(after.events).toEqual([{ event: 'scan', scan: { text: 'A' } }]);
    expect(endScan(forget(begun), 'auto').events).toEqual([]);
    expect(isAtStart(forget(NOTHING_READ))).toBe(true);
  });

  it('of any bytes gives messages or a named error and keeps at most 3 KB', () => {
    const control = fc.constantFrom(0x02, 0x03, 0x09, 0x0a, 0x0d, 0x1d, 0x5d, 0xff);
    const noise = fc
      .array(fc.oneof(control, fc.integer({ min: 0, max: 255 })), { maxLength: 300 })
      .map((list) => Uint8Array.from(list));
    const flood = fc.integer({ min: 0, max: 9000 }).map((length) => new Uint8Array(length).fill(0x41));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(noise, flood), { maxLength: 6 }),
        fc.constantFrom(...SUFFIXES),
        (chunks, suffix) => {
          let rest: SerialRest = NOTHING_READ;
          for (const chunk of chunks) {
            const decoded = decodeSerial(rest, chunk, suffix);
            rest = decoded.rest;
            expect(rest.bytes.length).toBeLessThanOrEqual(LONGEST_SCAN);
            for (const event of decoded.events) {
              if (event.event === 'scan') expect(event.scan.text.length).toBeGreaterThan(0);
              else expect(event.code).toBe('BARCODE_OVERRUN');
            }
          }
          endScan(rest, suffix);
        },
      ),
      { numRuns: 300 },
    );
  });
});
