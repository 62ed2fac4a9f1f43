import { cardError } from '../errors.ts';

/**
 * EF.Dati_personali of a TS-CNS (cie-card.md 9). Read without a PIN, so it proves nothing about who holds the card: good for
 * filling in a form. Empty fields are undefined. Dates are YYYY-MM-DD. Personal data: kept no longer than the act that uses it.
 */
export interface PersonalData {
  readonly issuerCode: string | undefined;
  readonly issuedOn: string | undefined;
  readonly expiresOn: string | undefined;
  readonly surname: string | undefined;
  readonly givenName: string | undefined;
  readonly bornOn: string | undefined;
  readonly sex: 'M' | 'F' | undefined;
  readonly heightCm: string | undefined;
  /** As the card writes it; its check character is for `fiscalCodeIsValid`. */
  readonly fiscalCode: string | undefined;
  readonly citizenship: string | undefined;
  readonly birthMunicipality: string | undefined;
  readonly birthState: string | undefined;
  readonly birthRecord: string | undefined;
  readonly residenceMunicipality: string | undefined;
  readonly residenceAddress: string | undefined;
  readonly notes: string | undefined;
}

/** Digits of the length at the start of the file, and of that before each field. */
export const LENGTH_DIGITS = 6;
const FIELD_DIGITS = 2;
const FIELDS = 16;
/** Sixteen fields of 255 characters are the most there can be. */
export const LONGEST_PERSONAL_DATA = FIELDS * (FIELD_DIGITS + 255);

const invalid = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'cns-personal-data', why });

function hexNumber(digits: Uint8Array, expected: number): number {
  if (digits.length !== expected) throw invalid('short');
  let number = 0;
  for (const digit of digits) {
    const value = Number.parseInt(String.fromCharCode(digit), 16);
    if (Number.isNaN(value)) throw invalid('length-digits');
    number = number * 16 + value;
  }
  return number;
}

/** Bytes that follow the first six. Throws CARD_ANSWER_INVALID for six that are no hexadecimal digits, or ask for too much. */
export function personalDataLength(start: Uint8Array): number {
  const length = hexNumber(start.subarray(0, LENGTH_DIGITS), LENGTH_DIGITS);
  if (length < FIELDS * FIELD_DIGITS || length > LONGEST_PERSONAL_DATA) throw invalid('length');
  return length;
}

/**
 * Decodes the file; what fills it up behind its own length is not looked at. Throws CARD_ANSWER_INVALID with `why`: short,
 * length-digits, length, field-too-long, trailing, text, date, sex.
 */
export function decodePersonalData(file: Uint8Array): PersonalData {
  const total = personalDataLength(file);
  const bytes = file.subarray(LENGTH_DIGITS, LENGTH_DIGITS + total);
  if (bytes.length !== total) throw invalid('short');
  let at = 0;
  const field = (): string | undefined => {
    const length = hexNumber(bytes.subarray(at, at + FIELD_DIGITS), FIELD_DIGITS);
    at += FIELD_DIGITS;
    if (at + length > bytes.length) throw invalid('field-too-long');
    const value = text(bytes.subarray(at, at + length));
    at += length;
    return value;
  };
  const data: PersonalData = {
    issuerCode: field(),
    issuedOn: date(field()),
    expiresOn: date(field()),
    surname: field(),
    givenName: field(),
    bornOn: date(field()),
    sex: sex(field()),
    heightCm: field(),
    fiscalCode: field(),
    citizenship: field(),
    birthMunicipality: field(),
    birthState: field(),
    birthRecord: field(),
    residenceMunicipality: field(),
    residenceAddress: field(),
    notes: field(),
  };
  if (at !== bytes.length) throw invalid('trailing');
  return data;
}

/** ISO-8859-1, byte for character; no control characters. Blank is empty. */
function text(bytes: Uint8Array): string | undefined {
  let value = '';
  for (const byte of bytes) {
    if (byte < 0x20 || (byte >= 0x7f && byte < 0xa0)) throw invalid('text');
    value += String.fromCharCode(byte);
  }
  return value.trim() === '' ? undefined : value.trim();
}

/** DDMMYYYY, a day there is. */
function date(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d{2})(\d{2})(\d{4})$/.exec(value);
  if (!match) throw invalid('date');
  const iso = `${match[3]}-${match[2]}-${match[1]}`;
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== iso) throw invalid('date');
  return iso;
}

function sex(value: string | undefined): 'M' | 'F' | undefined {
  if (value === undefined || value === 'M' || value === 'F') return value;
  throw invalid('sex');
}
