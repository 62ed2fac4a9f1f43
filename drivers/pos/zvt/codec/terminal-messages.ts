import type { Apdu } from './apdu.ts';
import { type Bmp, decodeBmps, field, fieldValue, isBmp, tlvsOf } from './bmp.ts';
import { numberOf } from './bytes.ts';
import { type StatusInfo, statusInfoOf } from './status-info.ts';
import { decodeText, decodeTexts, type TextEncoding } from './text.ts';
import { findTlv, type Tlv } from './tlv.ts';

/** Control fields of both directions (pos.md 2). */
export const control = {
  statusInfo: 0x040f,
  intermediate: 0x04ff,
  statusEnquiry: 0x0501,
  registration: 0x0600,
  authorisation: 0x0601,
  logOff: 0x0602,
  completion: 0x060f,
  totals: 0x0610,
  reset: 0x0618,
  abort: 0x061e,
  repeatReceipt: 0x0620,
  reversal: 0x0630,
  refund: 0x0631,
  endOfDay: 0x0650,
  diagnosis: 0x0670,
  initialisation: 0x0693,
  abortByTill: 0x06b0,
  printLine: 0x06d1,
  printBlock: 0x06d3,
  ok: 0x8000,
} as const;

/** Class of the answers that carry a code in place of the instruction. */
const CODED = 0x84;

export interface PrintedLine {
  /** Attribute byte: 40 centred, 80 and 81 the end of the receipt with feed or cut. */
  readonly attribute: number;
  readonly text: string;
}
const LAST = 0x80;
export const endsReceipt = ({ attribute }: PrintedLine): boolean => (attribute & LAST) !== 0;

export type ReceiptKind = 'merchant' | 'cardholder' | 'administration' | undefined;

/** What a terminal says. */
export type TerminalMessage =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'status-info'; readonly info: StatusInfo }
  | {
      readonly kind: 'intermediate';
      readonly code: number;
      readonly timeoutMinutes: number | undefined;
      readonly lines: readonly string[];
    }
  | {
      readonly kind: 'completion';
      /** Of `05 01`. */
      readonly status: number | undefined;
      readonly software: string | undefined;
      readonly terminalId: string | undefined;
      /** The terminal speaks message sequence numbers (TLV 1F73), this one last. */
      readonly sequence: number | undefined;
    }
  | { readonly kind: 'abort'; readonly code: number | undefined }
  | { readonly kind: 'print'; readonly receipt: ReceiptKind; readonly lines: readonly PrintedLine[] }
  | { readonly kind: 'other'; readonly control: number };

/** A status enquiry's completion: `[F0 version] status [fields]`; any other one is fields only. */
export function completionParts(data: Uint8Array): {
  readonly status: number | undefined;
  readonly bmps: readonly Bmp[];
} {
  const first = data[0];
  if (data.length === 1) return { status: first, bmps: [] };
  const version = first === field.software ? decodeBmps(data).bmps.slice(0, 1) : [];
  const at = version[0] ? 4 + version[0].value.length : 0;
  const next = data[at];
  if (next !== undefined && (first === field.software || !isBmp(next)))
    return { status: next, bmps: [...version, ...decodeBmps(data, at + 1).bmps] };
  return { status: undefined, bmps: decodeBmps(data, at).bmps };
}

/** `04 FF`: code, perhaps a time in BCD minutes, fields. */
export function intermediateParts(data: Uint8Array): {
  readonly code: number | undefined;
  readonly timeout: number | undefined;
  readonly bmps: readonly Bmp[];
} {
  const next = data[1];
  const timed = next !== undefined && next !== field.tlv;
  return { code: data[0], timeout: timed ? next : undefined, bmps: decodeBmps(data, timed ? 2 : 1).bmps };
}

const receiptKinds: Readonly<Record<number, ReceiptKind>> = {
  1: 'merchant',
  2: 'cardholder',
  3: 'administration',
};

const textsIn = (tlvs: readonly Tlv[], container: string): readonly Tlv[] =>
  tlvs.flatMap((object) => (object.tag === container ? (object.children ?? []) : []));

/** Lines of `06 D3`: an attribute (09) holds for the texts (07) behind it, until the next; the last one may stand alone. */
function blockLines(tlvs: readonly Tlv[], encoding: TextEncoding): readonly PrintedLine[] {
  const objects = textsIn(tlvs, '25');
  const texts = decodeTexts(
    objects.filter(({ tag }) => tag === '07').map(({ value }) => value),
    encoding,
  );
  const lines: PrintedLine[] = [];
  let attribute = 0;
  let used = 0;
  let written = true;
  for (const { tag, value } of objects) {
    if (tag === '09') {
      attribute = value[0] ?? 0;
      written = false;
    } else if (tag === '07') {
      lines.push({ attribute, text: texts[used++] as string });
      written = true;
    }
  }
  if (!written && attribute & LAST) lines.push({ attribute, text: '' });
  return lines;
}

/** Reads what a terminal sent. Never throws: what is unknown is `other`. */
export function decodeFromTerminal(
  { control: of, data }: Apdu,
  encoding: TextEncoding = 'auto',
): TerminalMessage {
  switch (of) {
    case control.ok:
    case CODED << 8:
      return { kind: 'ok' };
    case control.statusInfo:
      return { kind: 'status-info', info: statusInfoOf(decodeBmps(data).bmps) };
    case control.intermediate: {
      const { code, timeout, bmps } = intermediateParts(data);
      const lines = textsIn(tlvsOf(bmps), '24').filter(({ tag }) => tag === '07');
      return {
        kind: 'intermediate',
        code: code ?? 0,
        timeoutMinutes: timeout === undefined ? undefined : numberOf(Uint8Array.of(timeout)),
        lines: decodeTexts(
          lines.map(({ value }) => value),
          encoding,
        ),
      };
    }
    case control.completion: {
      const { status, bmps } = completionParts(data);
      const software = fieldValue(bmps, field.software);
      const terminalId = statusInfoOf(bmps).terminalId;
      const sequence = findTlv(tlvsOf(bmps), '1F73');
      return {
        kind: 'completion',
        status,
        software: software && decodeText(software, 'cp437'),
        terminalId,
        sequence: sequence && numberOf(sequence.value),
      };
    }
    case control.abort:
      return { kind: 'abort', code: data[0] };
    case control.printLine: {
      const [text = ''] = decodeTexts([data.subarray(1)], encoding);
      return { kind: 'print', receipt: undefined, lines: [{ attribute: data[0] ?? 0, text }] };
    }
    case control.printBlock: {
      const tlvs = tlvsOf(decodeBmps(data).bmps);
      const kind = findTlv(tlvs, '1F07')?.value[0];
      return {
        kind: 'print',
        receipt: kind === undefined ? undefined : receiptKinds[kind],
        lines: blockLines(tlvs, encoding),
      };
    }
    default:
      return of >> 8 === CODED ? { kind: 'refused', code: of & 0xff } : { kind: 'other', control: of };
  }
}
