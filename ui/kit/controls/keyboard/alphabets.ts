import type { Language } from '@jolly/contracts/terminal-channel';
import arabic from 'simple-keyboard-layouts/build/layouts/arabic.js';
import english from 'simple-keyboard-layouts/build/layouts/english.js';
import french from 'simple-keyboard-layouts/build/layouts/french.js';
import german from 'simple-keyboard-layouts/build/layouts/german.js';
import italian from 'simple-keyboard-layouts/build/layouts/italian.js';
import spanish from 'simple-keyboard-layouts/build/layouts/spanish.js';
import ukrainian from 'simple-keyboard-layouts/build/layouts/ukrainian.js';

/** Letters of a language on the keys: rows as hands know them, in small letters. */
export type LetterRows = readonly (readonly string[])[];

/** How a language writes. */
export interface Alphabet {
  readonly rows: LetterRows;
  /** The letters in the order in which children learn them. */
  readonly abc: readonly string[];
  /** Letters with marks that have no key of their own, most used first. */
  readonly marked: readonly string[];
  /** Another alphabet than the one in which Italian archives are written: a key changes over to the Latin letters. */
  readonly own?: string;
}

interface LibraryLayout {
  readonly layout: Readonly<Record<string, readonly string[]>>;
}

/** The lines of letters of a library's layout; its digits, signs and words in braces are the keyboard's own business. */
const letterRows = ({ layout }: LibraryLayout, only: RegExp): LetterRows =>
  (layout.default ?? [])
    .map((row) => row.split(' ').filter((key) => only.test(key)))
    .filter((row) => row.length > 3)
    .slice(0, 3);

const split = (letters: string): readonly string[] => [...letters];
const LATIN = split('abcdefghijklmnopqrstuvwxyz');
const BARE = /^[a-z]$/;

/** Accents of names from elsewhere, after the language's own. */
const OTHER_MARKS = split('àáâãäåăąæçčćďèéêëěęìíîïłñńňòóôõöőøœřśšșßťțùúûüűůýÿžźżđð');
const marked = (own: string): readonly string[] => [...new Set([...own, ...OTHER_MARKS])];

const qwerty = letterRows(english, BARE);

/** Rows of the library's layouts; Romanian, Albanian and Slovenian have none there and are the standard ones of their countries. */
export const ALPHABETS: Readonly<Record<Language, Alphabet>> = {
  it: { rows: letterRows(italian, BARE), abc: LATIN, marked: marked('àèéìòù') },
  en: { rows: qwerty, abc: LATIN, marked: marked('') },
  de: {
    rows: letterRows(german, /^[a-zäöü]$/),
    abc: split('abcdefghijklmnopqrstuvwxyzäöüß'),
    marked: marked('ßäöü'),
  },
  fr: { rows: letterRows(french, BARE), abc: LATIN, marked: marked('éèàùçâêîôûëïüÿœæ') },
  es: {
    rows: letterRows(spanish, /^[a-zñ]$/),
    abc: split('abcdefghijklmnñopqrstuvwxyz'),
    marked: marked('áéíóúü'),
  },
  // SR 13392
  ro: {
    rows: [split('qwertyuiopăî'), split('asdfghjklșț'), split('zxcvbnmâ')],
    abc: split('aăâbcdefghiîjklmnopqrsștțuvwxyz'),
    marked: marked('ăâîșț'),
  },
  sq: {
    rows: [split('qwertzuiopç'), split('asdfghjklë'), split('yxcvbnm')],
    abc: split('abcçdeëfghijklmnopqrstuvwxyz'),
    marked: marked('çë'),
  },
  sl: {
    rows: [split('qwertzuiopš'), split('asdfghjklčž'), split('yxcvbnmćđ')],
    abc: split('abcčćdđefghijklmnopqrsštuvwxyzž'),
    marked: marked('čšžćđ'),
  },
  uk: {
    // thirteen keys in a row would be too narrow: the rarest stands below
    rows: withRest(letterRows(ukrainian, /^(?!ґ)\p{Script=Cyrillic}$/u), 'ґ'),
    abc: split('абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'),
    marked: ['’'],
    own: 'АБВ',
  },
  ar: {
    // the library's key of lam and alif together is two letters that have keys of their own
    rows: withRest(letterRows(arabic, /^\p{Script=Arabic}$/u), 'ذ'),
    abc: split('ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى'),
    marked: split('آأإٱًٌٍَُِّْ'),
    own: 'أبت',
  },
  // names are written in Pinyin here: Italian archives hold Latin letters
  zh: { rows: qwerty, abc: LATIN, marked: marked('āáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ') },
};

/** Letters whose key the library keeps in the line of the digits go to the end of the last row. */
function withRest(rows: LetterRows, rest: string): LetterRows {
  return rows.map((row, at) => (at === rows.length - 1 ? [...row, ...rest] : row));
}

/** The Latin letters for those whose language has others. */
export const LATIN_ALPHABET: Alphabet = { rows: qwerty, abc: LATIN, marked: marked('') };
