import type { Type } from './validator.ts';

const text = (holds: (value: string) => boolean): Type => ({ kind: 'text', holds });
/** Types other than strings ignore blanks around the value (XSD whiteSpace = collapse). */
const collapsed = (holds: (value: string) => boolean): Type =>
  text((value) => holds(value.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '')));

/** Length counts characters, as XSD does. */
export const between = (min: number, max: number): Type =>
  text((value) => {
    const length = Array.from(value).length;
    return length >= min && length <= max;
  });
export const matching = (pattern: RegExp): Type => text((value) => pattern.test(value));
export const oneOf = (...values: readonly string[]): Type => text((value) => values.includes(value));

/** Decimal with exactly two places, up to 999999999.99. */
export const amount: Type = collapsed(
  (value) => /^[0-9]+\.[0-9]{2}$/.test(value) && value.replace('.', '').replace(/^0+/, '').length <= 11,
);

export const integerUpTo = (max: bigint, min?: bigint): Type =>
  collapsed((value) => {
    if (!/^[+-]?[0-9]{1,24}$/.test(value)) return false;
    const number = BigInt(value.replace(/^\+/, ''));
    return number <= max && (min === undefined || number >= min);
  });

export const date: Type = collapsed((value) => {
  const found = /^-?([0-9]{4,})-([0-9]{2})-([0-9]{2})(Z|[+-]([0-9]{2}):([0-9]{2}))?$/.exec(value);
  if (!found) return false;
  const [, year = '', month = '', day = '', , hours = '0', minutes = '0'] = found;
  if (/^0+$/.test(year) || (year.length > 4 && year.startsWith('0'))) return false;
  if (Number(hours) * 60 + Number(minutes) > 14 * 60 || Number(minutes) > 59) return false;
  const leap = (of: number) => (of % 4 === 0 && of % 100 !== 0) || of % 400 === 0;
  const days = [31, leap(Number(year)) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  return days !== undefined && Number(day) >= 1 && Number(day) <= days;
});

export const base64: Type = text((value) =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(
    value.replace(/[ \t\n\r]/g, ''),
  ),
);
