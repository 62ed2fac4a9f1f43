import type { FieldKind } from '@jolly/contracts/service-catalogue';
import type { Language } from '@jolly/contracts/terminal-channel';
import { ALPHABETS, type Alphabet, LATIN_ALPHABET } from './alphabets.ts';

/** One key: what it writes, or what it does. */
export type KeyCap =
  | { readonly does: 'write'; readonly text: string; readonly off?: boolean }
  | { readonly does: 'shift' | 'marks' | 'script' | 'space' | 'erase' | 'clear' };

export interface Layer {
  /** Rows of keys, the last with the keys that do something. */
  readonly rows: readonly (readonly KeyCap[])[];
  /** Keys of the longest row of letters: the grid's columns. */
  readonly columns: number;
}

export interface LayoutWish {
  readonly kind: FieldKind;
  readonly language: Language;
  readonly abc: boolean;
  readonly value: string;
  readonly capitals: boolean;
  readonly marks: boolean;
  /** The Latin letters instead of the language's own. */
  readonly latin: boolean;
}

/** Keys of a row where nothing else asks for more (screens.md 6). */
const COLUMNS = 10;
const DIGITS = [...'1234567890'];
const SIGNS = [...".,:;/-'’&@+()"];
const NAME_SIGNS = ["'", '-'];

const write = (text: string, off = false): KeyCap => ({ does: 'write', text, ...(off ? { off } : {}) });

/** Kinds that are written with a pad of digits alone. */
export const byDigits = (kind: FieldKind): boolean =>
  kind === 'digits' || kind === 'amount' || kind === 'date';

/** Kinds whose letters are always Latin capitals. */
export const inCapitals = (kind: FieldKind): boolean => kind === 'fiscal-code' || kind === 'plate';

/** Whether the language has an alphabet of its own beside the Latin one. */
export const hasOwnScript = (language: Language): boolean => ALPHABETS[language].own !== undefined;

/** Names of other alphabets stand in Italian archives as the passport writes them: those keys come first. */
export const startsLatin = (kind: FieldKind, language: Language): boolean =>
  inCapitals(kind) || (kind === 'name' && hasOwnScript(language));

export function layerOf(wish: LayoutWish): Layer {
  const { kind, language, value, marks, latin } = wish;
  if (inCapitals(kind)) return codeLayer(kind, language, wish.abc, value);
  const alphabet = latin && hasOwnScript(language) ? LATIN_ALPHABET : ALPHABETS[language];
  const letters = marks ? markRows(alphabet, kind) : letterRows(alphabet, wish.abc);
  const shown = letters.map((row) => row.map((text) => write(cased(text, wish))));
  const withDigits = kind === 'name' || marks ? shown : [DIGITS.map((text) => write(text)), ...shown];
  // Arabic letters have no capitals
  const shift: KeyCap[] = letters.flat().some((text) => text !== text.toUpperCase())
    ? [{ does: 'shift' }]
    : [];
  const script: KeyCap[] = hasOwnScript(language) ? [{ does: 'script' }] : [];
  return {
    rows: [
      ...withDigits,
      [...shift, { does: 'marks' }, ...script, { does: 'space' }, { does: 'clear' }, { does: 'erase' }],
    ],
    columns: Math.max(COLUMNS, ...shown.map((row) => row.length)),
  };
}

/** Upper case as the language has it; letters that have none stay. */
function cased(text: string, { capitals, language }: LayoutWish): string {
  return capitals && text !== 'ß' ? text.toLocaleUpperCase(language) : text;
}

const letterRows = (alphabet: Alphabet, abc: boolean): readonly (readonly string[])[] =>
  abc ? inRows(alphabet.abc, COLUMNS) : alphabet.rows;

/** Letters with marks and signs: three rows, those of the language first. */
function markRows({ marked }: Alphabet, kind: FieldKind): readonly (readonly string[])[] {
  const signs = kind === 'name' ? NAME_SIGNS : SIGNS;
  return inRows([...new Set([...signs, ...marked])], COLUMNS).slice(0, kind === 'name' ? 4 : 5);
}

function codeLayer(kind: FieldKind, language: Language, abc: boolean, value: string): Layer {
  const rows = letterRows(
    hasOwnScript(language) ? LATIN_ALPHABET : { ...ALPHABETS[language], ...plain(language) },
    abc,
  );
  const off = (text: string) => kind === 'fiscal-code' && !fiscalCodeTakes(value, text);
  const keys = [DIGITS, ...rows].map((row) =>
    row.map((text) => write(text.toUpperCase(), off(text.toUpperCase()))),
  );
  return { rows: [...keys, [{ does: 'clear' }, { does: 'erase' }]], columns: COLUMNS };
}

/** Only the twenty-six letters, in the places where the language has them. */
function plain(language: Language): Pick<Alphabet, 'rows' | 'abc'> {
  const bare = (row: readonly string[]) => row.filter((letter) => /^[a-z]$/.test(letter));
  return { rows: ALPHABETS[language].rows.map(bare), abc: bare(ALPHABETS[language].abc) };
}

/** Letters that stand for digits where two persons would have the same code, by the tax agency's table. */
const STANDS_FOR_DIGIT = /^[0-9LMNPQRSTUV]$/;
/** Where a letter and where a digit stands: six letters, year, month, day, place of birth, check letter. */
const FISCAL_CODE = [...'aaaaaaddaddaddda'];

/** Whether a character can come next: sixteen places, or eleven digits for a body or a company. */
export function fiscalCodeTakes(value: string, next: string): boolean {
  const isDigit = /^\d$/.test(next);
  if (/^\d+$/.test(value)) return isDigit && value.length < 11;
  if (value === '') return isDigit || /^[A-Z]$/.test(next);
  const place = FISCAL_CODE[value.length];
  if (place === undefined) return false;
  return place === 'a' ? /^[A-Z]$/.test(next) : STANDS_FOR_DIGIT.test(next);
}

function inRows(letters: readonly string[], columns: number): readonly (readonly string[])[] {
  const rows = Math.ceil(letters.length / columns);
  return Array.from({ length: rows }, (_, at) => letters.slice(at * columns, (at + 1) * columns));
}
