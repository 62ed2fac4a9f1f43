import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import {
  decodeHidLine,
  isWhole,
  joinPiece,
  lengthOf,
  NO_PIECES,
  placeOf,
  readDescriptor,
  readReport,
  type ScanLayout,
  scanLayout,
  triggerReport,
  USAGE,
} from './index.ts';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const layoutOf = (descriptor: string): ScanLayout => {
  const layout = scanLayout(readDescriptor(bytes(descriptor)));
  if (!layout) throw new Error('no layout');
  return layout;
};

interface Vector {
  readonly name: string;
  readonly reports: readonly string[];
  readonly expect: { readonly aim: string; readonly data?: string; readonly dataHex?: string };
}
interface Published {
  readonly hidPos: {
    readonly descriptorCounted: string;
    readonly descriptorUncounted: string;
    readonly reports: readonly Vector[];
    readonly reportsUncounted: readonly Vector[];
    readonly layoutCounted: {
      readonly reportId: number;
      readonly bytes: readonly { offset: number; len: number }[];
    };
    readonly layoutUncounted: {
      symbology: [number, number];
      data: [number, number];
      continuedBit: [number, number];
    };
  };
  readonly aim: readonly { readonly id: string }[];
}

describeWithShared('the published HID POS reports', ['devices', 'barcode.json'], (file) => {
  const { hidPos, aim } = JSON.parse(readFileSync(file, 'utf8')) as Published;
  const counted = layoutOf(hidPos.descriptorCounted);
  const uncounted = layoutOf(hidPos.descriptorUncounted);

  it('lie where the descriptors say', () => {
    const [, count, symbology, data, continued] = hidPos.layoutCounted.bytes;
    expect(counted).toMatchObject({
      reportId: hidPos.layoutCounted.reportId,
      count: { at: 8 * ((count?.offset ?? 0) - 1), bits: 8 },
      data: { at: 8 * ((data?.offset ?? 0) - 1), bits: 8, count: data?.len },
      continued: { at: 8 * ((continued?.offset ?? 0) - 1), bits: 1 },
      trigger: undefined,
    });
    expect(counted.symbology.map(({ at }) => at / 8 + 1)).toEqual([
      symbology?.offset,
      (symbology?.offset ?? 0) + 1,
      (symbology?.offset ?? 0) + 2,
    ]);
    const [dataAt, dataCount] = hidPos.layoutUncounted.data;
    const [byte, bit] = hidPos.layoutUncounted.continuedBit;
    expect(uncounted).toMatchObject({
      count: undefined,
      data: { at: 8 * (dataAt - 1), count: dataCount },
      continued: { at: 8 * (byte - 1) + bit, bits: 1 },
    });
  });

  const all = [
    ...hidPos.reports.map((vector) => ({ ...vector, layout: counted, descriptor: hidPos.descriptorCounted })),
    ...hidPos.reportsUncounted.map((vector) => ({
      ...vector,
      ...{ layout: uncounted, descriptor: hidPos.descriptorUncounted },
    })),
  ];
  it.each(all)('$name', ({ reports, layout, descriptor, expect: wanted }) => {
    let rest = NO_PIECES;
    const events = reports.flatMap((report) => {
      const piece = readReport(layout, bytes(report));
      if (!piece) throw new Error('a foreign report');
      const joined = joinPiece(rest, piece);
      rest = joined.rest;
      return joined.events;
    });
    expect(rest).toEqual(NO_PIECES);
    const data = wanted.dataHex === undefined ? new TextEncoder().encode(wanted.data) : bytes(wanted.dataHex);
    expect(events).toMatchObject([{ event: 'scan', scan: { aim: wanted.aim, data } }]);
    // and as the command line says them, with the descriptor and without
    expect(decodeHidLine(reports.join(','))).toEqual([wanted]);
    expect(decodeHidLine(reports.join(', '), descriptor)).toEqual([wanted]);
  });

  it.each(aim.map(({ id }) => id))('keep the identifier %s', (id) => {
    const report = new Uint8Array(62);
    report.set([2, 1, ...new TextEncoder().encode(id), 0x41]);
    expect(readReport(counted, report)).toMatchObject({
      aim: id,
      data: Uint8Array.of(0x41),
      continued: false,
    });
  });

  it('are found in whatever pieces a code is cut, and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.array(fc.integer({ min: 1, max: 56 })),
        (code, cuts) => {
          const parts: Uint8Array[] = [];
          for (let at = 0, index = 0; at < code.length; index++) {
            const size = cuts[index] ?? 56;
            parts.push(code.subarray(at, at + size));
            at += size;
          }
          let rest = NO_PIECES;
          const events = parts.flatMap((part, index) => {
            const report = new Uint8Array(62);
            report.set([2, part.length, 0x5d, 0x51, 0x31, ...part]);
            report[61] = index < parts.length - 1 ? 1 : 0;
            const joined = joinPiece(
              rest,
              readReport(counted, report) ?? { aim: '', data: code, continued: true },
            );
            rest = joined.rest;
            return joined.events;
          });
          expect(events).toHaveLength(1);
          expect(events).toMatchObject([{ scan: { data: code, aim: ']Q1' } }]);
        },
      ),
    );
  });

  it('that are empty and promise more take no room, and not for ever', () => {
    const piece = (text: string, continued: boolean) => ({
      aim: text === '' ? undefined : ']E0',
      data: new TextEncoder().encode(text),
      continued,
    });
    let rest = joinPiece(NO_PIECES, piece('AB', true)).rest;
    for (let report = 0; report < 1_000; report++) rest = joinPiece(rest, piece('', true)).rest;
    expect([rest.pieces.length, rest.length]).toEqual([1, 2]);
    expect(joinPiece(rest, piece('C', false)).events).toMatchObject([{ scan: { text: 'ABC', aim: ']E0' } }]);
    let errors = 0;
    for (let report = 0; report < 10_000; report++) {
      const joined = joinPiece(rest, piece('', true));
      rest = joined.rest;
      errors += joined.events.length;
    }
    expect([errors, rest.skipping, rest.pieces.length]).toEqual([1, true, 0]);
    expect(joinPiece(rest, piece('', false))).toEqual({ events: [], rest: NO_PIECES });
  });

  it('that begin empty are a code that is under way', () => {
    const { rest } = joinPiece(NO_PIECES, { aim: ']Q1', data: new Uint8Array(), continued: true });
    expect(isWhole(rest)).toBe(false);
    const last = { aim: undefined, data: Uint8Array.of(0x41), continued: false };
    expect(joinPiece(rest, last).events).toMatchObject([{ scan: { text: 'A', aim: ']Q1' } }]);
  });

  it('may be any bytes of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 })), (reports) => {
        let rest = NO_PIECES;
        for (const report of reports) {
          for (const layout of [counted, uncounted]) {
            const piece = readReport(layout, report);
            if (piece) rest = joinPiece(rest, piece).rest;
          }
        }
        expect(rest.length).toBeLessThanOrEqual(3072);
      }),
    );
  });
});

describe('a report descriptor', () => {
  it('may be any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (descriptor) => {
        const read = readDescriptor(descriptor);
        expect(scanLayout(read)?.data.bits ?? 8).toBe(8);
      }),
    );
  });

  // report id 6: trigger report with a one-bit "initiate read" behind a padding nibble; 63 data bytes, unnumbered count
  const WITH_TRIGGER =
    '058c0902a1010912a102850215002600ff7508953f09fe8102c00914a102850615002501750495019103750195010960910275039501' +
    '9103c0c0';

  it('tells of other sizes and of the trigger', () => {
    const descriptor = readDescriptor(bytes(WITH_TRIGGER.replace('2600ff', '26ff00')));
    const layout = scanLayout(descriptor);
    expect(layout).toMatchObject({
      data: { at: 0, count: 63 },
      count: undefined,
      continued: undefined,
      symbology: [],
      trigger: { reportId: 6, at: 4, bits: 1, bytes: 1 },
    });
    expect(lengthOf(descriptor, 'input', 2)).toBe(63 * 8);
    if (!layout?.trigger) throw new Error('no trigger');
    expect(triggerReport(layout.trigger, true)).toEqual(Uint8Array.of(6, 0x10));
    expect(triggerReport(layout.trigger, false)).toEqual(Uint8Array.of(6, 0));
    // 64 bytes with the id, no count: up to the first NUL
    const report = new Uint8Array(64);
    report.set([2, 0x41, 0x42]);
    expect(readReport(layout, report)).toEqual({
      aim: undefined,
      data: Uint8Array.of(0x41, 0x42),
      continued: false,
    });
  });

  it('follows push and pop, ranges of usages and unnumbered reports', () => {
    // usages FB…FE as a range, page pushed and popped around the count
    const layout = layoutOf(
      `058c0902a1010912a1027508 9501a405010 93b8102b419fb29fd95038102 09fe953c8102c0c0`.replaceAll(' ', ''),
    );
    expect(layout).toMatchObject({ reportId: 0, count: { at: 0 }, data: { at: 32, count: 60 } });
    expect(layout.symbology.map(({ at }) => at)).toEqual([8, 16, 24]);
    expect(readReport(layout, bytes('015d513141'))).toMatchObject({ aim: ']Q1', data: Uint8Array.of(0x41) });
  });

  it('of a keyboard has no scanned data', () => {
    const keyboard =
      '05010906a101050719e029e7150025017501950881029501750881039505750105081901290591029501750391039506750815002565050719002965810 0c0';
    expect(scanLayout(readDescriptor(bytes(keyboard.replaceAll(' ', ''))))).toBeUndefined();
  });

  it('cut in the middle is damaged, and what came before is kept', () => {
    const read = readDescriptor(bytes('058c0902a1017508950409fe81020a'));
    expect(read.damaged).toBe(true);
    expect(placeOf(read, 'input', USAGE.data)).toMatchObject({ count: 4 });
  });
});

describe('decoding by hand', () => {
  it.each([
    ['zz', 'HEX_INVALID'],
    ['', 'HEX_INVALID'],
    ['0203414243', 'LAYOUT_UNKNOWN'],
    [`02015d513141${'00'.repeat(55)}01`, 'REPORTS_MISSING'],
  ])('%s is %s', (record, code) => {
    expect(decodeHidLine(record)).toMatchObject([{ error: { code } }]);
  });
});
