import { type PASSWORD_FAULTS, PASSWORD_LENGTH } from '@jolly/contracts/fleet-api';
import { COMMON_WORDS } from './common-words.ts';

export type PasswordFault = (typeof PASSWORD_FAULTS)[number];

/** Letters that are written as signs and figures in passwords that look harder than they are. */
const SIGNS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const ROWS = [
  '1234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  'qazwsxedcrfvtgb',
];
/** What is left of a common password once its common parts are out. */
const LEFT = 4;
/** Words in order of length: the longest goes first, so that none hides in another. */
const WORDS = [...new Set(COMMON_WORDS)].sort((one, other) => other.length - one.length);

/**
 * What NIST SP 800-63B and ASVS 5.0 ask of a password: long enough, and not what everybody tries first. No mixture of kinds of
 * characters. `about`: what a guesser knows of the person (user name, name, municipality). `denied`: the house's own list, in
 * small letters.
 */
export function faultsOfPassword(
  password: string,
  about: readonly string[],
  denied: ReadonlySet<string> = new Set(),
): PasswordFault[] {
  const text = password.normalize('NFKC');
  const faults: PasswordFault[] = [];
  if ([...text].length < PASSWORD_LENGTH.least) faults.push('too-short');
  const small = plain(text);
  if (denied.has(text.toLowerCase()) || isCommon(small)) faults.push('too-common');
  const known = about
    .flatMap((each) => plain(each).split(/[^a-z0-9]+/))
    .filter((part) => part.length >= LEFT)
    .sort((one, other) => other.length - one.length);
  if (
    known.length > 0 &&
    weight(without(small, known)) < LEFT + 2 &&
    weight(small) > 0 &&
    hasAny(small, known)
  ) {
    faults.push('too-alike');
  }
  return faults;
}

function isCommon(small: string): boolean {
  if (new Set(small).size <= LEFT || weight(small) < LEFT) return true;
  // Figures at the ends are figures; between letters they stand for one.
  const inner = small.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '');
  const read = [small, [...inner].map((sign) => SIGNS[sign] ?? sign).join('')];
  return read.some((each) => weight(without(withoutRuns(each), WORDS)) < LEFT);
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const hasAny = (text: string, words: readonly string[]) => words.some((word) => text.includes(word));

function without(text: string, words: readonly string[]): string {
  return words.reduce((left, word) => left.replaceAll(word, ' '), text);
}

/** Takes out keys that lie side by side and letters in a row, forwards and backwards, four and more. */
function withoutRuns(text: string): string {
  let left = text;
  for (const row of ROWS.flatMap((each) => [each, [...each].reverse().join('')])) {
    for (let length = row.length; length >= 4; length--) {
      for (let at = 0; at + length <= row.length; at++)
        left = left.replaceAll(row.slice(at, at + length), ' ');
    }
  }
  return left;
}

/** How much there is to guess: characters that do not repeat the ones just before; figures count half, spaces and signs at the ends not. */
function weight(text: string): number {
  let sum = 0;
  const seen = new Set<string>();
  for (const part of text.split(/[^\p{L}\p{N}]+/u)) {
    for (let at = 0; at < part.length; at++) {
      const pair = part.slice(Math.max(0, at - 1), at + 1);
      if (seen.has(pair)) continue;
      seen.add(pair);
      sum += /\d/.test(part[at] ?? '') ? 0.5 : 1;
    }
  }
  return sum;
}
