import { z } from 'zod';

/** Integer cents of euro, 0 … 999 999 999 99 (the limit of a pagoPA amount, pagopa.md 1.6). */
export const Cents = z.int().min(0).max(99_999_999_999).brand<'Cents'>();
export type Cents = z.infer<typeof Cents>;

/** Takes a number already known to be whole cents. Throws a RangeError otherwise: a programming fault. */
export function cents(value: number): Cents {
  if (!Number.isSafeInteger(value) || value < 0 || value > 99_999_999_999) {
    throw new RangeError(`not an amount in cents: ${value}`);
  }
  return value as Cents;
}

/** `12345` → `"123.45"`, the form of pagoPA's SOAP amounts (point, exactly two decimals). */
export function toDecimal(amount: Cents): string {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `"123.45"` → `12345`; undefined when the text is not `\d+\.\d{2}` or is beyond the limit. */
export function fromDecimal(text: string): Cents | undefined {
  if (!/^\d{1,9}\.\d{2}$/.test(text)) return undefined;
  return Number(text.replace('.', '')) as Cents;
}
