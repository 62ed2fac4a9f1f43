import type { Language } from '@jolly/contracts/terminal-channel';
import { IntlMessageFormat } from 'intl-messageformat';
import { it, type MessageKey } from './it.ts';

/** Every message of a language. The type is the build's check that none is missing. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

/** Italian is always there; each other language is a file of its own that is read when somebody chooses it. */
const LOADERS: Readonly<Record<Exclude<Language, 'it'>, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  ro: async () => (await import('./ro.ts')).ro,
  sq: async () => (await import('./sq.ts')).sq,
  sl: async () => (await import('./sl.ts')).sl,
  uk: async () => (await import('./uk.ts')).uk,
  ar: async () => (await import('./ar.ts')).ar,
  zh: async () => (await import('./zh.ts')).zh,
};

const catalogues = new Map<Language, Catalogue>([['it', it]]);

/** Reads a language's catalogue; at once when it is there already. */
export async function loadCatalogue(language: Language): Promise<Catalogue> {
  const known = catalogues.get(language);
  if (known) return known;
  // Italian is always known
  const loaded = await LOADERS[language as Exclude<Language, 'it'>]();
  catalogues.set(language, loaded);
  return loaded;
}

export const isLoaded = (language: Language): boolean => catalogues.has(language);

/** The language's own name, as its button shows it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  it: 'Italiano',
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ro: 'Română',
  sq: 'Shqip',
  sl: 'Slovenščina',
  uk: 'Українська',
  ar: 'العربية',
  zh: '中文',
};

/** Numerals and dates as people of that language in Italy read them: 24 hours, day before month, western digits. */
const LOCALES: Readonly<Record<Language, string>> = {
  it: 'it-IT',
  en: 'en-IE',
  de: 'de-IT',
  fr: 'fr-FR',
  es: 'es-ES',
  ro: 'ro-RO',
  sq: 'sq-AL',
  sl: 'sl-SI',
  uk: 'uk-UA',
  ar: 'ar-u-nu-latn',
  zh: 'zh-CN',
};

export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

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
  /** A day of the week by its number, Monday = 0 → `lunedì`. */
  readonly weekday: (day: number) => string;
  /** Hour of the day in the place, 0–23. */
  readonly hour: (at: number) => number;
}

const made = new Map<string, Words>();

/** The words of a language that is loaded (of the Italian, if it is not) in a place's zone; the same object for the same arguments. */
export function wordsIn(wished: Language, timeZone: string): Words {
  const language = isLoaded(wished) ? wished : 'it';
  const key = `${language} ${timeZone}`;
  const known = made.get(key);
  if (known) return known;
  const words = makeWords(language, timeZone);
  made.set(key, words);
  return words;
}

function makeWords(language: Language, timeZone: string): Words {
  const locale = LOCALES[language];
  const catalogue = catalogues.get(language) ?? it;
  const messages = new Map<MessageKey, IntlMessageFormat>();
  const day = (options: Intl.DateTimeFormatOptions, zone = timeZone) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    // the dot of an ordinal stays (2. Dezember), that of a shortening goes (21 nov.)
    return (at: number) => format.format(at).replaceAll(/\sр\.|(?<!\d)\.|[,،]/g, '');
  };
  // who reads from the right compares amounts with the Italian notice: they stand as there, left to right (screens.md 11)
  const rtl = directionOf(language) === 'rtl';
  const figures = rtl ? LOCALES.it : locale;
  const isolated = (amount: string) => (rtl ? `\u2066${amount}\u2069` : amount);
  const euro = new Intl.NumberFormat(figures, {
    style: 'currency',
    currency: 'EUR',
    currencyDisplay: 'narrowSymbol',
    useGrouping: 'always',
  });
  const plain = new Intl.NumberFormat(figures, { minimumFractionDigits: 2, useGrouping: 'always' });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  const weekday = day({ weekday: 'long' }, 'UTC');
  const longDate = day({ day: 'numeric', month: 'long', year: 'numeric' }, 'UTC');
  return {
    language,
    t: (key, values) => {
      let message = messages.get(key);
      if (!message) {
        // a text that a translation lacks must not leave anybody before an empty screen
        message = new IntlMessageFormat(catalogue[key] ?? it[key], locale);
        messages.set(key, message);
      }
      return String(message.format(values ?? {}));
    },
    money: (cents) => isolated(euro.format(cents / 100)),
    figures: (cents) => plain.format(cents / 100),
    time: (at) => clock.format(at),
    shortDay: day({ weekday: 'short', day: 'numeric', month: 'short' }),
    longDay: day({ weekday: 'long', day: 'numeric', month: 'long' }),
    date: (iso) => {
      const at = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(at) ? iso : longDate(at);
    },
    // the fifth of January 1970 was a Monday
    weekday: (number) => weekday(Date.UTC(1970, 0, 5 + number)),
    hour: (at) => Number(hour.format(at)),
  };
}

/** `302000120456789276` → `3020 0012 0456 7892 76`. */
export function inFours(digits: string): string {
  return digits.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
