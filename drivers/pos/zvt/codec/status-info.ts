import { type Bmp, decodeBmps, field, fieldValue, tlvsOf } from './bmp.ts';
import { digitsOf, numberOf } from './bytes.ts';
import { decodeText, encodingOf } from './text.ts';
import { findTlv } from './tlv.ts';

/** What a result says (`04 0F`), in fields. Absent is undefined: terminals send what they have. */
export interface StatusInfo {
  readonly resultCode: number | undefined;
  readonly amountCents: number | undefined;
  readonly trace: string | undefined;
  /** Trace of the payment that was reversed: only a reversal has one. */
  readonly originalTrace: string | undefined;
  /** `HHMMSS` and `MMDD`, the terminal's clock. */
  readonly time: string | undefined;
  readonly date: string | undefined;
  readonly terminalId: string | undefined;
  readonly merchant: string | undefined;
  readonly authorisation: string | undefined;
  readonly text: string | undefined;
  readonly currency: string | undefined;
  readonly receipt: string | undefined;
  readonly cardType: number | undefined;
  readonly cardName: string | undefined;
  /** Hidden digits as `*`. */
  readonly pan: string | undefined;
  readonly technology: CardTechnology | undefined;
  readonly totals: Totals | undefined;
  /** The number the terminal wants echoed in the next transaction command (TLV 1F1F). */
  readonly receiptToEcho: Uint8Array | undefined;
}

export type CardTechnology = 'MAG' | 'ICC' | 'CLI';
const technologies: readonly CardTechnology[] = ['MAG', 'ICC', 'CLI'];

const schemes = ['girocard', 'jcb', 'mastercard', 'amex', 'visa', 'diners', 'other'] as const;

/** Field 60: the receipts of a closed day, and how often and how much each kind of card paid. */
export interface Totals {
  readonly receiptFrom: number;
  readonly receiptTo: number;
  readonly schemes: readonly {
    readonly scheme: (typeof schemes)[number];
    readonly count: number;
    readonly totalCents: number;
  }[];
}

const COUNT_AND_TOTAL = 7;

function totalsOf(bytes: Uint8Array): Totals | undefined {
  const [from, to] = [numberOf(bytes.subarray(0, 2)), numberOf(bytes.subarray(2, 4))];
  if (from === undefined || to === undefined || bytes.length < 4) return undefined;
  const read = schemes.flatMap((scheme, index) => {
    const at = 4 + index * COUNT_AND_TOTAL;
    const count = numberOf(bytes.subarray(at, at + 1));
    const totalCents = numberOf(bytes.subarray(at + 1, at + COUNT_AND_TOTAL));
    const whole = at + COUNT_AND_TOTAL <= bytes.length;
    return whole && count !== undefined && totalCents !== undefined ? [{ scheme, count, totalCents }] : [];
  });
  return { receiptFrom: from, receiptTo: to, schemes: read };
}

const bare = (bytes: Uint8Array | undefined): string | undefined => {
  if (!bytes) return undefined;
  const end = bytes.indexOf(0);
  const cut = end < 0 ? bytes : bytes.subarray(0, end);
  return decodeText(cut, encodingOf([cut])).trim() || undefined;
};

/** Nibbles of field 22: E hides a digit, F fills up. */
function panOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes || bytes.length === 0) return undefined;
  let pan = '';
  for (const byte of bytes) {
    for (const nibble of [byte >> 4, byte & 0xf]) {
      if (nibble <= 9) pan += nibble;
      else if (nibble === 0xe) pan += '*';
    }
  }
  return pan || undefined;
}

/** Puts the fields of a result into words. Never throws. */
export function statusInfoOf(bmps: readonly Bmp[]): StatusInfo {
  const value = (bmp: number) => fieldValue(bmps, bmp);
  const digits = (bmp: number) => {
    const bytes = value(bmp);
    return bytes && digitsOf(bytes);
  };
  const tlvs = tlvsOf(bmps);
  const amount = value(field.amount);
  const totals = value(field.totals);
  const technology = findTlv(tlvs, '1F12')?.value[0];
  return {
    resultCode: value(field.result)?.[0],
    amountCents: amount && numberOf(amount),
    trace: digits(field.trace),
    originalTrace: digits(field.originalTrace),
    time: digits(field.time),
    date: digits(field.date),
    terminalId: digits(field.terminalId),
    merchant: bare(value(field.merchant)),
    authorisation: bare(value(field.authorisation)),
    text: bare(value(field.text)),
    currency: digits(field.currency),
    receipt: digits(field.receipt),
    cardType: value(field.cardType)?.[0],
    cardName: bare(value(field.cardName)),
    pan: panOf(value(field.pan)),
    technology: technology === undefined ? undefined : technologies[technology],
    totals: totals && totalsOf(totals),
    receiptToEcho: findTlv(tlvs, '1F1F')?.value,
  };
}

/** Reads the data of `04 0F`. */
export const statusInfoOfData = (data: Uint8Array): StatusInfo => statusInfoOf(decodeBmps(data).bmps);
