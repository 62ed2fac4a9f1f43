import { hexOf, nameOf } from './bytes.ts';
import { decodeTlvs, lengthAt, type Tlv } from './tlv.ts';

/** A field of a message: its number, its bytes without the length. `tlv` for the container (06), when it can be read. */
export interface Bmp {
  readonly bmp: number;
  readonly value: Uint8Array;
  readonly tlv?: readonly Tlv[];
}

/** A length in bytes, or how many `Fx` digits tell it. */
type Format = number | 'LL' | 'LLL' | 'TLV';

/** Names that the rest of the codec uses. */
export const field = {
  timeout: 0x01,
  statusCount: 0x02,
  service: 0x03,
  amount: 0x04,
  tlv: 0x06,
  trace: 0x0b,
  time: 0x0c,
  date: 0x0d,
  expiry: 0x0e,
  cardSequence: 0x17,
  paymentType: 0x19,
  pan: 0x22,
  track2: 0x23,
  track3: 0x24,
  result: 0x27,
  terminalId: 0x29,
  merchant: 0x2a,
  track1: 0x2d,
  chip: 0x2e,
  originalTrace: 0x37,
  authorisation: 0x3b,
  text: 0x3c,
  currency: 0x49,
  totals: 0x60,
  receipt: 0x87,
  turnover: 0x88,
  cardType: 0x8a,
  cardName: 0x8b,
  software: 0xf0,
} as const;

/**
 * Every field with its length (pos.md 2). Lengths of 2D, 2E, 3A, 3D, 92, 9A, A7 and AF are not in the published vectors [U]: they
 * are here so that what follows them can still be read.
 */
const formats: Readonly<Record<number, Format>> = {
  [field.timeout]: 1,
  [field.statusCount]: 1,
  [field.service]: 1,
  [field.amount]: 6,
  5: 1,
  [field.tlv]: 'TLV',
  [field.trace]: 3,
  [field.time]: 3,
  [field.date]: 2,
  [field.expiry]: 2,
  [field.cardSequence]: 2,
  [field.paymentType]: 1,
  [field.pan]: 'LL',
  [field.track2]: 'LL',
  [field.track3]: 'LLL',
  [field.result]: 1,
  [field.terminalId]: 4,
  [field.merchant]: 15,
  [field.track1]: 'LL',
  [field.chip]: 'LLL',
  [field.originalTrace]: 3,
  58: 2,
  [field.authorisation]: 8,
  [field.text]: 'LLL',
  61: 3,
  [field.currency]: 2,
  [field.totals]: 'LLL',
  [field.receipt]: 2,
  [field.turnover]: 3,
  [field.cardType]: 1,
  [field.cardName]: 'LL',
  140: 1,
  146: 'LLL',
  154: 'LLL',
  160: 1,
  167: 'LL',
  170: 3,
  175: 'LLL',
  186: 5,
  [field.software]: 'LLL',
};

export const isBmp = (tag: number): boolean => formats[tag] !== undefined;

/** Length written as `Fx Fy` or `Fx Fy Fz`; undefined when a digit is none. */
function digitLength(bytes: Uint8Array, at: number, digits: number): number | undefined {
  let length = 0;
  for (let index = at; index < at + digits; index++) {
    const byte = bytes[index];
    if (byte === undefined || byte >> 4 !== 0xf || (byte & 0xf) > 9) return undefined;
    length = length * 10 + (byte & 0xf);
  }
  return length;
}

function extentOf(
  format: Format,
  bytes: Uint8Array,
  at: number,
): { size: number; length: number } | undefined {
  if (typeof format === 'number') return { size: 0, length: format };
  if (format === 'TLV') return lengthAt(bytes, at);
  const digits = format === 'LL' ? 2 : 3;
  const length = digitLength(bytes, at, digits);
  return length === undefined ? undefined : { size: digits, length };
}

/** Where the value of the field at `at` starts and ends; undefined when it is unknown, cut or its length is unreadable. */
export function fieldAt(bytes: Uint8Array, at: number): { from: number; end: number } | undefined {
  const format = formats[bytes[at] ?? -1];
  const extent = format === undefined ? undefined : extentOf(format, bytes, at + 1);
  if (!extent) return undefined;
  const from = at + 1 + extent.size;
  const end = from + extent.length;
  return end <= bytes.length ? { from, end } : undefined;
}

/** Reads fields from `from` on; `rest` begins at the first byte that is none. Never throws. */
export function decodeBmps(
  bytes: Uint8Array,
  from = 0,
): { readonly bmps: readonly Bmp[]; readonly rest: Uint8Array } {
  const bmps: Bmp[] = [];
  let at = from;
  while (at < bytes.length) {
    const place = fieldAt(bytes, at);
    if (!place) break;
    const value = bytes.subarray(place.from, place.end);
    const bmp = bytes[at] as number;
    const tlv = bmp === field.tlv ? decodeTlvs(value) : undefined;
    bmps.push({ bmp, value, ...(tlv && { tlv }) });
    at = place.end;
  }
  return { bmps, rest: bytes.subarray(at) };
}

export const fieldValue = (bmps: readonly Bmp[], bmp: number): Uint8Array | undefined =>
  bmps.find((candidate) => candidate.bmp === bmp)?.value;

export const tlvsOf = (bmps: readonly Bmp[]): readonly Tlv[] =>
  bmps.find((candidate) => candidate.bmp === field.tlv)?.tlv ?? [];

/** Plain JSON of objects and fields, in the words of the data files. */
export type TlvJson =
  | { readonly tag: string; readonly value: string }
  | { readonly tag: string; readonly children: readonly TlvJson[] };

export const tlvJson = (objects: readonly Tlv[]): readonly TlvJson[] =>
  objects.map(({ tag, value, children }) =>
    children ? { tag, children: tlvJson(children) } : { tag, value: hexOf(value) },
  );

export const bmpJson = (bmps: readonly Bmp[]) =>
  bmps.map(({ bmp, value, tlv }) =>
    tlv ? { bmp: nameOf(bmp), tlv: tlvJson(tlv) } : { bmp: nameOf(bmp), value: hexOf(value) },
  );
