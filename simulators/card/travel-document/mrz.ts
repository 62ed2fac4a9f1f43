import { createHash } from 'node:crypto';
import { ascii } from './tlv.ts';

const WEIGHTS = [7, 3, 1];
const FILLER = '<';

function worth(character: string): number {
  if (character === FILLER) return 0;
  const value = Number.parseInt(character, 36);
  if (Number.isNaN(value)) throw new Error('a machine-readable zone has capitals, digits and < only');
  return value;
}

/** Check digit of ICAO 9303-3: weights 7 3 1, A=10 … Z=35, < = 0. */
export function checkDigit(text: string): string {
  let sum = 0;
  for (const [at, character] of [...text].entries()) sum += worth(character) * (WEIGHTS[at % 3] ?? 0);
  return String(sum % 10);
}

/** Letters that NFD does not take apart (9303-3, section 6). */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'SS',
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'OE',
  Þ: 'TH',
  Ð: 'D',
  Ł: 'L',
};

/** A name in the zone's letters: accents and apostrophes fall away, blanks and hyphens become fillers. */
export function zoneName(name: string): string {
  return name
    .toUpperCase()
    .replace(/[ßÆŒØÞÐŁ]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFD')
    .replace(/[\s-]+/g, FILLER)
    .replace(/[^A-Z<]/g, '');
}

const filled = (text: string, length: number) => text.slice(0, length).padEnd(length, FILLER);
/** YYYY-MM-DD as YYMMDD. */
const short = (date: string) => date.slice(2).replaceAll('-', '');

export interface MrzPerson {
  readonly documentNumber: string;
  readonly surname: string;
  readonly givenNames: string;
  readonly birthDate: string;
  readonly expiryDate: string;
  readonly sex: 'M' | 'F';
}

/** The three lines of 30 of a TD1 card (9303-5); `kind` is its two letters. */
export function td1(person: MrzPerson, kind = 'C<', state = 'ITA'): readonly [string, string, string] {
  const number = person.documentNumber;
  // A longer number goes on in the optional data, with its check digit behind it.
  const numbers =
    number.length > 9
      ? `${number.slice(0, 9)}<${number.slice(9)}${checkDigit(number)}`
      : `${filled(number, 9)}${checkDigit(filled(number, 9))}`;
  const first = filled(`${kind}${state}${numbers}`, 30);
  const birth = short(person.birthDate);
  const expiry = short(person.expiryDate);
  const dates = `${birth}${checkDigit(birth)}${person.sex}${expiry}${checkDigit(expiry)}`;
  const second = filled(`${dates}${state}`, 29);
  const composite = first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29);
  return [
    first,
    second + checkDigit(composite),
    filled(`${zoneName(person.surname)}<<${zoneName(person.givenNames)}`, 30),
  ];
}

/** Document number, birth and expiry with their check digits: what opens the card (cie-card.md 7.3). */
export function mrzInformation(
  person: Pick<MrzPerson, 'documentNumber' | 'birthDate' | 'expiryDate'>,
): string {
  const number = person.documentNumber.padEnd(9, FILLER);
  return [number, short(person.birthDate), short(person.expiryDate)]
    .map((part) => part + checkDigit(part))
    .join('');
}

/** SHA-1 of the MRZ information: PACE takes all 20 bytes, BAC the first 16. */
export function mrzSecret(person: Parameters<typeof mrzInformation>[0]): Uint8Array {
  return new Uint8Array(
    createHash('sha1')
      .update(ascii(mrzInformation(person)))
      .digest(),
  );
}
