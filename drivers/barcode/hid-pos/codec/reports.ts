import { LONGEST_SCAN, textOf } from '../../text-codec.ts';
import type { UsagePlace } from './descriptor.ts';
import type { ScanLayout } from './layout.ts';

/** What one report carries. */
export interface ReportPiece {
  readonly aim: string | undefined;
  readonly data: Uint8Array;
  /** The rest comes with the next report. */
  readonly continued: boolean;
}

/** A code, whole. `data` as the reader gave it, `text` as characters. */
export interface HidScan {
  readonly text: string;
  readonly data: Uint8Array;
  readonly aim?: string;
}

/** Pieces that wait for their rest. Start with `NO_PIECES`. */
export interface HidRest {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
  /** Reports that they came in, the empty ones too. */
  readonly reports: number;
  readonly aim: string | undefined;
  /** Too long, or its start was lost: dropped up to the report that ends it. */
  readonly skipping: boolean;
}
export const NO_PIECES: HidRest = { pieces: [], length: 0, reports: 0, aim: undefined, skipping: false };

/** A reader that says without end that more follows, with nothing in it, is cut off as well. */
const MOST_REPORTS = LONGEST_SCAN;

export type HidEvent =
  | { readonly event: 'scan'; readonly scan: HidScan }
  /** More than 3 KB, or as many reports, without an end. */
  | { readonly event: 'error'; readonly code: 'BARCODE_OVERRUN' };

/** An unsigned value of up to 32 bits, little-endian, from any bit on; bits that the report lacks are 0. */
function valueAt(data: Uint8Array, { at, bits }: UsagePlace): number {
  let value = 0;
  for (let bit = Math.min(bits, 32) - 1; bit >= 0; bit--) {
    const byte = data[Math.floor((at + bit) / 8)] ?? 0;
    value = value * 2 + ((byte >> ((at + bit) % 8)) & 1);
  }
  return value;
}

/** Reads one input report as the system gives it, id first where reports are numbered; undefined: another report. Never throws. */
export function readReport(layout: ScanLayout, report: Uint8Array): ReportPiece | undefined {
  if (layout.reportId !== 0 && report[0] !== layout.reportId) return undefined;
  const fields = layout.reportId === 0 ? report : report.subarray(1);
  const start = layout.data.at / 8;
  const all = fields.subarray(start, start + layout.data.count);
  const nul = all.indexOf(0);
  const length = layout.count ? valueAt(fields, layout.count) : nul < 0 ? all.length : nul;
  const aim = String.fromCharCode(...layout.symbology.map((place) => valueAt(fields, place)));
  return {
    aim: /^\][A-Za-z][0-9A-Za-z]$/.test(aim) ? aim : undefined,
    data: all.slice(0, length),
    continued: layout.continued ? valueAt(fields, layout.continued) !== 0 : false,
  };
}

/** Adds a piece to what waits. The AIM identifier is that of the first. */
export function joinPiece(
  rest: HidRest,
  piece: ReportPiece,
): { readonly events: readonly HidEvent[]; readonly rest: HidRest } {
  const aim = rest.reports === 0 ? piece.aim : rest.aim;
  const length = rest.length + piece.data.length;
  const reports = rest.reports + 1;
  if (rest.skipping) return { events: [], rest: piece.continued ? rest : NO_PIECES };
  if (length > LONGEST_SCAN || reports > MOST_REPORTS) {
    const skipping = { ...NO_PIECES, skipping: true };
    return {
      events: [{ event: 'error', code: 'BARCODE_OVERRUN' }],
      rest: piece.continued ? skipping : NO_PIECES,
    };
  }
  const pieces = piece.data.length === 0 ? rest.pieces : [...rest.pieces, piece.data];
  if (piece.continued) return { events: [], rest: { pieces, length, reports, aim, skipping: false } };
  const data = new Uint8Array(length);
  let at = 0;
  for (const part of pieces) {
    data.set(part, at);
    at += part.length;
  }
  if (length === 0) return { events: [], rest: NO_PIECES };
  const scan = { text: textOf(data), data, ...(aim === undefined ? {} : { aim }) };
  return { events: [{ event: 'scan', scan }], rest: NO_PIECES };
}

/** Whether nothing waits for its rest. */
export const isWhole = (rest: HidRest): boolean => rest.reports === 0 && !rest.skipping;

/** Forgets what was read; the rest of a code already begun is dropped with it. */
export const forgetPieces = (rest: HidRest): HidRest =>
  isWhole(rest) ? NO_PIECES : { ...NO_PIECES, skipping: true };
