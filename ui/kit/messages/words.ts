import type { Language } from '@jolly/contracts/terminal-channel';
import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en.ts';
import { it, type MessageKey } from './it.ts';

export const catalogues: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = { it, en };

/** The language's own name, as its button shows it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { it: 'Italiano', en: 'English' };

/** Numerals and dates as people of that language in Italy read them: 24 hours, day before month. */
const LOCALES: Readonly<Record<Language, string>> = { it: 'it-IT', en: 'en-IE' };

export type MessageValues = Readonly<Record<string, string | number>>;

/** Everything that turns a value into words, for one language in one time zone. Pure: holds only formatters. */
export interface Words {
  readonly language: Language;
  readonly t: (key: MessageKey, values?: MessageValues) => string;
  /** `12345` → `123,45 €`, thousands grouped from 1.000, no break before the sign. */
  readonly money: (cents: number) => string;
  /** The figures alone, for the drawing of the receipt. */
  readonly figures: (cents: number) => string;
  /** `10:24` */
  readonly time: (at: number) => string;
  /** `sab 21 nov` */
  readonly shortDay: (at: number) => string;
  /** `sabato 21 novembre` */
  readonly longDay: (at: number) => string;
  /** ISO date (no zone: a day is a day) → `2 dicembre 2026`. */
  readonly date: (iso: string) => string;
  /** Hour of the day in the place, 0–23. */
  readonly hour: (at: number) => number;
}

const made = new Map<string, Words>();

/** The words of a language in a place's zone; the same object for the same arguments. */
export function wordsIn(language: Language, timeZone: string): Words {
  const key = `${language} ${timeZone}`;
  const known = made.get(key);
  if (known) return known;
  const words = makeWords(language, timeZone);
  made.set(key, words);
  return words;
}

function makeWords(language: Language, timeZone: string): Words {
  const locale = LOCALES[language];
  const catalogue = catalogues[language];
  const messages = new Map<MessageKey, IntlMessageFormat>();
  const day = (options: Intl.DateTimeFormatOptions, zone = timeZone) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    return (at: number) => format.format(at).replaceAll(/[.,]/g, '');
  };
  const euro = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR', useGrouping: 'always' });
  const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, useGrouping: 'always' });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  const longDate = day({ day: 'numeric', month: 'long', year: 'numeric' }, 'UTC');
  return {
    language,
    t: (key, values) => {
      let message = messages.get(key);
      if (!message) {
        message = new IntlMessageFormat(catalogue[key], locale);
        messages.set(key, message);
      }
      return String(message.format(values ?? {}));
    },
    money: (cents) => euro.format(cents / 100),
    figures: (cents) => plain.format(cents / 100),
    time: (at) => clock.format(at),
    shortDay: day({ weekday: 'short', day: 'numeric', month: 'short' }),
    longDay: day({ weekday: 'long', day: 'numeric', month: 'long' }),
    date: (iso) => {
      const at = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(at) ? iso : longDate(at);
    },
    hour: (at) => Number(hour.format(at)),
  };
}

/** `302000120456789276` → `3020 0012 0456 7892 76`. */
export function inFours(digits: string): string {
  return digits.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
