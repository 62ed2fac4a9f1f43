import { secretBytes } from '@jolly/contracts/values';
import { cardError } from '../errors.ts';

const bad = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'mrz', why });

const FILLER = 0x3c;
const WEIGHTS = [7, 3, 1] as const;

/** 0–9, A–Z = 10–35, `<` = 0; undefined for a byte no machine-readable zone has. */
function letterValue(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41 + 10;
  return byte === FILLER ? 0 : undefined;
}

/** Check digit over ASCII bytes, itself as ASCII: weights 7 3 1, mod 10 (9303-3). */
export function checkDigit(bytes: Uint8Array): number {
  let sum = 0;
  for (const [at, byte] of bytes.entries()) {
    const value = letterValue(byte);
    if (value === undefined) throw bad('character');
    sum += value * (WEIGHTS[at % 3] ?? 0);
  }
  return 0x30 + (sum % 10);
}

/** What is printed on the back: the number without filler, the dates as YYMMDD. */
export interface MrzParts {
  readonly documentNumber: string;
  readonly birth: string;
  readonly expiry: string;
}

const DOCUMENT_NUMBER = /^[A-Z0-9](?:[A-Z0-9<]{0,20}[A-Z0-9])?$/;
const DATE = /^[0-9<]{6}$/;

/** ASCII of the MRZ information: the password of BAC and of PACE with MRZ. Wipe it. Throws SECRET_MALFORMED. */
export function mrzInformation(parts: MrzParts): Uint8Array {
  if (!DOCUMENT_NUMBER.test(parts.documentNumber) || !DATE.test(parts.birth) || !DATE.test(parts.expiry)) {
    throw cardError('SECRET_MALFORMED', { field: 'mrz' });
  }
  const fields = [parts.documentNumber.padEnd(9, '<'), parts.birth, parts.expiry];
  const out = secretBytes(fields.reduce((length, field) => length + field.length + 1, 0));
  let at = 0;
  for (const field of fields) {
    const from = at;
    for (const letter of field) out[at++] = letter.charCodeAt(0);
    out[at++] = checkDigit(out.subarray(from, from + field.length));
  }
  return out;
}

/** The machine-readable zone of an identity card (TD1), every check digit right. Dates are YYMMDD, `<` where unknown. */
export interface Td1 extends MrzParts {
  readonly type: string;
  readonly country: string;
  readonly sex: 'F' | 'M' | '<';
  readonly nationality: string;
  readonly surname: string;
  readonly givenNames: string;
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const unfilled = (text: string): string => text.replace(/<+$/, '');

function check(bytes: Uint8Array, digit: number | undefined, field: string): void {
  if (checkDigit(bytes) !== digit) throw bad(`check-digit-${field}`);
}

/** Number of up to nine places, or a long one that goes on in the optional data up to its own check digit (9303-5). */
function documentNumber(line: Uint8Array): string {
  const short = line.subarray(5, 14);
  if (line[14] !== FILLER) {
    check(short, line[14], 'number');
    return unfilled(ascii(short));
  }
  const optional = line.subarray(15, 30);
  const end = optional.indexOf(FILLER);
  const last = (end === -1 ? optional.length : end) - 1;
  if (last < 1) throw bad('number');
  const whole = new Uint8Array(9 + last);
  whole.set(short);
  whole.set(optional.subarray(0, last), 9);
  check(whole, optional[last], 'number');
  return ascii(whole);
}

/** A month and day there can be, each whole or unknown. */
function date(bytes: Uint8Array, digit: number | undefined, field: string): string {
  check(bytes, digit, field);
  const text = ascii(bytes);
  if (!/^(?:\d\d|<<)(?:0[1-9]|1[0-2]|<<)(?:0[1-9]|[12]\d|3[01]|<<)$/.test(text)) throw bad(field);
  return text;
}

/** Surname and given names of line 3; single fillers are spaces. */
function names(line: string): { surname: string; givenNames: string } {
  const [surname = '', givenNames = '', more] = unfilled(line).split('<<');
  if (surname === '' || surname.startsWith('<') || more !== undefined) throw bad('names');
  return { surname: surname.replaceAll('<', ' '), givenNames: givenNames.replaceAll('<', ' ').trim() };
}

/** Reads the 90 bytes of DG1, 3 lines of 30. Throws CARD_ANSWER_INVALID. */
export function readTd1(bytes: Uint8Array): Td1 {
  if (bytes.length !== 90) throw bad('length');
  const one = bytes.subarray(0, 30);
  const two = bytes.subarray(30, 60);
  const three = bytes.subarray(60, 90);
  const composite = new Uint8Array(25 + 7 + 7 + 11);
  composite.set(one.subarray(5, 30));
  composite.set(two.subarray(0, 7), 25);
  composite.set(two.subarray(8, 15), 32);
  composite.set(two.subarray(18, 29), 39);
  check(composite, two[29], 'composite');
  const sex = ascii(two.subarray(7, 8));
  if (sex !== 'F' && sex !== 'M' && sex !== '<') throw bad('sex');
  const letters = ascii(three);
  if (!/^[A-Z0-9<]{30}$/.test(letters)) throw bad('names');
  const type = ascii(one.subarray(0, 2));
  const country = ascii(one.subarray(2, 5));
  const nationality = ascii(two.subarray(15, 18));
  if (!/^[ACI][A-Z<]$/.test(type)) throw bad('type');
  if (!/^[A-Z<]{3}$/.test(country) || !/^[A-Z<]{3}$/.test(nationality)) throw bad('country');
  return {
    type: unfilled(type),
    country: unfilled(country),
    documentNumber: documentNumber(one),
    birth: date(two.subarray(0, 6), two[6], 'birth'),
    sex,
    expiry: date(two.subarray(8, 14), two[14], 'expiry'),
    nationality: unfilled(nationality),
    ...names(letters),
  };
}
