/**
 * The arithmetic of a notice (pagopa.md 1.1 and 1.2). Everything here takes text that somebody typed or scanned and
 * never throws; numbers of 16 digits are beyond 2^53, so remainders are taken digit by digit.
 */

/** Aux digits a citizen may pay (pagopa.md 1.1); 1 carries no check digit. */
export type AuxDigit = '0' | '1' | '2' | '3';

const isDigits = (text: string) => /^\d*$/.test(text);

/** Remainder of a decimal number of any length; `digits` holds digits only. */
function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (let index = 0; index < digits.length; index++) {
    rest = (rest * 10 + digits.charCodeAt(index) - 48) % modulus;
  }
  return rest;
}

/** The two check digits of a notice number, from its first sixteen digits: their number mod 93. */
export function noticeCheckDigits(firstSixteen: string): string {
  return String(remainder(firstSixteen, 93)).padStart(2, '0');
}

/** The eleventh digit of a creditor's tax code, from the first ten (Luhn). */
export function creditorCheckDigit(firstTen: string): string {
  let sum = 0;
  for (let index = 0; index < 10; index++) {
    const digit = firstTen.charCodeAt(index) - 48;
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Whether the check digits of 18 digits hold; null for aux 1, which has none. */
export function noticeCheckHolds(noticeNumber: string): boolean | null {
  if (noticeNumber.startsWith('1')) return null;
  return noticeCheckDigits(noticeNumber.slice(0, 16)) === noticeNumber.slice(16);
}

/** Whether the checksum of 11 digits holds. */
export function creditorCheckHolds(creditorTaxCode: string): boolean {
  return creditorCheckDigit(creditorTaxCode) === creditorTaxCode.slice(10);
}

/**
 * While a notice number is typed: `true` when it is complete and holds, `false` as soon as no further digit can make
 * it right (a character that is no digit, an aux digit over 3, a check digit that does not match), `undefined` while
 * digits are missing. Takes digits without the printed groups of four.
 */
export function noticeDigitsOk(digits: string): boolean | undefined {
  if (digits.length > 18 || !isDigits(digits) || (digits[0] ?? '0') > '3') return false;
  if (digits.startsWith('1')) return digits.length === 18 ? true : undefined;
  if (digits.length < 17) return undefined;
  const expected = noticeCheckDigits(digits.slice(0, 16));
  if (!expected.startsWith(digits.slice(16))) return false;
  return digits.length === 18 ? true : undefined;
}

/** The same while a creditor's tax code is typed. */
export function creditorDigitsOk(digits: string): boolean | undefined {
  if (digits.length > 11 || !isDigits(digits)) return false;
  if (digits.length < 11) return undefined;
  return creditorCheckHolds(digits);
}
