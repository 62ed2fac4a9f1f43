import type { Language } from '@jolly/contracts/terminal-channel';
import { spokenMoney } from './spoken-money.ts';

/**
 * Written text as it is spoken. Pure; each step replaces what it knows and leaves the rest to the engine: mail addresses,
 * dates, tax codes, long numbers, amounts, codes, acronyms, signs.
 */
export function spoken(text: string, language: Language): string {
  const steps = [mail, dates, taxCodes, longNumbers, spokenMoney, codes, acronyms, signs];
  return steps.reduce((said, step) => step(said, language), text);
}

/** at, dot, dash, underscore */
const MAIL: Readonly<Record<Language, readonly [string, string, string, string]>> = {
  it: ['chiocciola', 'punto', 'trattino', 'trattino basso'],
  en: ['at', 'dot', 'dash', 'underscore'],
  de: ['ät', 'Punkt', 'Bindestrich', 'Unterstrich'],
  fr: ['arobase', 'point', 'tiret', 'tiret bas'],
  es: ['arroba', 'punto', 'guion', 'guion bajo'],
  ro: ['arond', 'punct', 'cratimă', 'liniuță jos'],
  sq: ['et', 'pikë', 'vizë', 'nënvizë'],
  sl: ['afna', 'pika', 'vezaj', 'podčrtaj'],
  uk: ['ет', 'крапка', 'дефіс', 'підкреслення'],
  ar: ['آت', 'نقطة', 'شرطة', 'شرطة سفلية'],
  zh: ['艾特', '点', '横线', '下划线'],
};

function mail(text: string, language: Language): string {
  const [at, dot, dash, low] = MAIL[language];
  return text.replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (address) =>
    address
      .replaceAll('@', ` ${at} `)
      .replaceAll('.', ` ${dot} `)
      .replaceAll('-', ` ${dash} `)
      .replaceAll('_', ` ${low} `),
  );
}

/** Day first, as everywhere in Italy, whatever the language. */
const DATE = /(?<![\d./-])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4}))(?![\d/-])/g;

function dates(text: string, language: Language): string {
  const words = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' },
    numberingSystem: 'latn',
  });
  return text.replaceAll(DATE, (written, ...parts: (string | undefined)[]) => {
    const [year, month, day] = [parts[0] ?? parts[5], parts[1] ?? parts[4], parts[2] ?? parts[3]].map(Number);
    const at = Date.UTC(year ?? 0, (month ?? 0) - 1, day);
    const isDay = new Date(at).getUTCMonth() === (month ?? 0) - 1;
    return isDay ? words.format(at) : written;
  });
}

const each = (text: string): string => [...text].join(' ');

/** A person's tax code: letter by letter, with a pause where a person would make one. */
const TAX_CODE =
  /(?<![\p{L}\d])([A-Z]{3})([A-Z]{3})([\dLMNP-V]{2}[A-EHLMPRST])([\dLMNP-V]{2})([A-Z][\dLMNP-V]{3})([A-Z])(?![\p{L}\d])/giu;

const taxCodes = (text: string): string =>
  text.replaceAll(TAX_CODE, (_, ...parts: string[]) =>
    parts
      .slice(0, 6)
      .map((part) => each(part.toUpperCase()))
      .join(', '),
  );

/** From here on a number is told digit by digit: notice numbers, IUV, tax codes of bodies, telephones. */
const LONG = 7;
/** Digits that a person keeps in mind until the next pause. */
const GROUP = 4;

/** Groups as they are written; longer ones are cut. A telephone's plus stays. */
function longNumbers(text: string): string {
  return text.replaceAll(/(?<![\p{L}\d.,])(\+)?\d+(?:[ \u00a0]\d+)*(?![.,]?\d|\p{L})/gu, (written) => {
    const digits = written.replaceAll(/\D/g, '');
    if (digits.length < LONG) return written;
    const groups = written
      .replace('+', '')
      .split(/[ \u00a0]/)
      .flatMap((group) => group.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []);
    return (written.startsWith('+') ? '+ ' : '') + groups.map(each).join(', ');
  });
}

/** `PO-09`, `D4F7`: capitals and figures together are a code, sign by sign; hyphens are pauses. */
const codes = (text: string): string =>
  text.replaceAll(
    /(?<![\p{L}\d-])(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])[A-Z\d]+(?:-[A-Z\d]+)*(?![\p{L}\d-])/gu,
    (code) => code.split('-').map(each).join(', '),
  );

/** Spelled; every other word in capitals (TARI, PIN, PUK, IMU, SPID, POS) is said as a word. */
const SPELLED = new Set(['CIE', 'CNS', 'IUV', 'QR', 'TS', 'PDF', 'ID', 'USB', 'CF']);

const acronyms = (text: string): string =>
  text.replaceAll(/(?<![\p{L}\d])[A-Z]{2,5}(?![\p{L}\d])/gu, (word) =>
    SPELLED.has(word) ? each(word) : word.toLowerCase(),
  );

/** What an engine would name or stumble over. */
const signs = (text: string): string =>
  text
    .replaceAll(/[«»“”„"]/g, '')
    .replaceAll('…', '. ')
    .replaceAll(/\s*[·|]\s*/g, ', ')
    .replaceAll(/[\u200e\u200f]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
