import { readDescriptor } from './codec/descriptor.ts';
import { isWhole, joinPiece, NO_PIECES, readReport } from './codec/index.ts';
import { type ScanLayout, scanLayout } from './codec/layout.ts';

/** What a technician reads of one scan; the words of the published vectors. */
export type HidLine =
  | { readonly aim?: string; readonly data: string }
  | { readonly aim?: string; readonly dataHex: string }
  | { readonly error: { readonly code: string; readonly message: string } };

const field = (usage: number, at: number, bits: number, count: number) => ({
  ...{ kind: 'input' as const, reportId: 2, usages: [usage], at, bits, count },
  ...{ constant: false, collections: [] },
});
const common = (data: number) => [
  field(0x8c_00fb, data - 24, 8, 1),
  field(0x8c_00fc, data - 16, 8, 1),
  field(0x8c_00fd, data - 8, 8, 1),
  field(0x8c_00fe, data, 8, 56),
  field(0x8c_00ff, data + 448, 1, 1),
];
/** The two layouts seen most (barcode.md 1.1), for reports noted without their descriptor. */
const KNOWN = {
  counted: scanLayout({ fields: [field(0x1_003b, 0, 8, 1), ...common(32)], damaged: false }),
  uncounted: scanLayout({ fields: common(24), damaged: false }),
};

const wrong = (code: string, message: string): readonly HidLine[] => [{ error: { code, message } }];

function bytesOf(hex: string): Uint8Array | undefined {
  const digits = hex.replace(/\s/g, '');
  if (digits === '' || digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The layout that a first report fits: where its AIM identifier stands says whether a count comes before it. */
function layoutFor(report: Uint8Array): ScanLayout | undefined {
  const known = [KNOWN.counted, KNOWN.uncounted];
  return known.find((layout) => layout !== undefined && readReport(layout, report)?.aim !== undefined);
}

/**
 * Decodes the reports of one scan, each as hex, separated by commas; `descriptor` is the reader's report descriptor as hex, without
 * it one of the two common layouts is recognised. Data with control characters (but a GS) or not in UTF-8 comes as `dataHex`. Never throws.
 */
export function decodeHidLine(record: string, descriptor?: string): readonly HidLine[] {
  const reports = record.split(',').map(bytesOf);
  if (reports.some((report) => report === undefined))
    return wrong('HEX_INVALID', 'reports are pairs of hexadecimal digits, separated by commas');
  const [first = new Uint8Array()] = reports as Uint8Array[];
  const described = descriptor === undefined ? undefined : bytesOf(descriptor);
  const layout = described ? scanLayout(readDescriptor(described)) : layoutFor(first);
  if (!layout)
    return wrong('LAYOUT_UNKNOWN', 'no known layout of a scanned data report: give --descriptor <hex>');
  let rest = NO_PIECES;
  const lines: HidLine[] = [];
  for (const report of reports as Uint8Array[]) {
    const piece = readReport(layout, report);
    if (!piece) {
      lines.push(...wrong('REPORT_FOREIGN', `report id ${report[0]} is not that of scanned data`));
      continue;
    }
    const joined = joinPiece(rest, piece);
    rest = joined.rest;
    for (const event of joined.events) {
      if (event.event === 'error') lines.push(...wrong(event.code, 'more than 3 KB without an end'));
      else {
        const { aim, data, text } = event.scan;
        lines.push({ ...(aim === undefined ? {} : { aim }), ...said(text, data) });
      }
    }
  }
  if (!isWhole(rest)) lines.push(...wrong('REPORTS_MISSING', 'the last report says that more follows'));
  return lines;
}

const GS = '\u001d';

function said(text: string, data: Uint8Array): { data: string } | { dataHex: string } {
  const whole = new TextEncoder().encode(text).length === data.length;
  if (whole && !/\p{Cc}/u.test(text.replaceAll(GS, ''))) return { data: text };
  return { dataHex: Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}
