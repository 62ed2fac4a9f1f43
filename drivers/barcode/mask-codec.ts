import { textOf } from './text-codec.ts';

/** Where the citizen's part of a postal Data Matrix ends and the debtor's begins (barcode.md 3). */
const DEBTOR_FROM = 77;
const TAX_CODE = /[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]/gi;
const STAR = 0x2a;

/**
 * One frame of a barcode reader's wire as it may be kept: same length, with the debtor of a postal Data Matrix and every person's tax code
 * starred. A frame that may hold the rest of such a code (it has no start of its own, and is text with blanks) is starred whole.
 */
export function maskBarcodeFrame(direction: 'in' | 'out', frame: Uint8Array): Uint8Array {
  if (direction === 'out') return frame;
  const text = Array.from(frame, (byte) => String.fromCharCode(byte)).join('');
  const masked = Uint8Array.from(frame);
  const start = text.search(/codfase=/i);
  if (start >= 0) masked.fill(STAR, Math.min(masked.length, start + DEBTOR_FROM));
  else if (!/PAGOPA\|/.test(text) && /[A-Z]{2,}|\s{8}/i.test(textOf(frame))) masked.fill(STAR);
  for (const { index, 0: found } of text.matchAll(TAX_CODE)) masked.fill(STAR, index, index + found.length);
  return masked;
}
