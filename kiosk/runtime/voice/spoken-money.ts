import type { Language } from '@jolly/contracts/terminal-channel';

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

interface MoneyWords {
  readonly locale: string;
  readonly euro: Forms;
  readonly cent: Forms;
  /** Between euro and cents. */
  readonly and: string;
}

const WORDS: Readonly<Record<Language, MoneyWords>> = {
  it: { locale: 'it', euro: { other: 'euro' }, cent: { one: 'centesimo', other: 'centesimi' }, and: ' e ' },
  en: {
    locale: 'en',
    euro: { one: 'euro', other: 'euros' },
    cent: { one: 'cent', other: 'cents' },
    and: ' and ',
  },
  de: { locale: 'de', euro: { other: 'Euro' }, cent: { other: 'Cent' }, and: ' und ' },
  fr: {
    locale: 'fr',
    euro: { one: 'euro', other: 'euros' },
    cent: { one: 'centime', other: 'centimes' },
    and: ' et ',
  },
  es: {
    locale: 'es',
    euro: { one: 'euro', other: 'euros' },
    cent: { one: 'céntimo', other: 'céntimos' },
    and: ' y ',
  },
  ro: {
    locale: 'ro',
    euro: { one: 'euro', few: 'euro', other: 'de euro' },
    cent: { one: 'cent', few: 'cenți', other: 'de cenți' },
    and: ' și ',
  },
  sq: { locale: 'sq', euro: { other: 'euro' }, cent: { other: 'cent' }, and: ' e ' },
  sl: {
    locale: 'sl',
    euro: { one: 'evro', two: 'evra', few: 'evri', other: 'evrov' },
    cent: { one: 'cent', two: 'centa', few: 'centi', other: 'centov' },
    and: ' in ',
  },
  uk: {
    locale: 'uk',
    euro: { other: 'євро' },
    cent: { one: 'цент', few: 'центи', other: 'центів' },
    and: ' і ',
  },
  ar: { locale: 'ar', euro: { other: 'يورو' }, cent: { few: 'سنتات', other: 'سنت' }, and: ' و ' },
  zh: { locale: 'zh', euro: { other: '欧元' }, cent: { other: '欧分' }, and: '' },
};

/** A figure with thousands in any of the ways of writing them, and at most two decimals. */
const FIGURE = String.raw`(?<!\d)(?:\d{1,3}(?:[.,’\u00a0\u202f ]\d{3})+|\d+)(?:[.,]\d{2})?(?!\d)`;
const AMOUNT = new RegExp(
  String.raw`(?:€|EUR)[\s\u200e\u200f]*(${FIGURE})|(${FIGURE})[\s\u200e\u200f]*(?:€|EUR(?!\p{L}))`,
  'gu',
);

/** `1.234,50` and `1,234.50` → 123450: two figures after the last sign are cents, everything else is thousands. */
function centsOf(figure: string): bigint {
  const cents = /[.,](\d{2})$/.exec(figure);
  const whole = (cents ? figure.slice(0, -3) : figure).replaceAll(/\D/g, '');
  return BigInt(whole) * 100n + BigInt(cents?.[1] ?? '0');
}

function counted(count: bigint, forms: Forms, locale: string): string {
  const form = forms[new Intl.PluralRules(locale).select(Number(count))] ?? forms.other;
  return locale === 'zh' ? `${count}${form}` : `${count} ${form}`;
}

/** `123,45 €` → `123 euro e 45 centesimi`; no cents are not said, nor are no euro before some. */
export function spokenMoney(text: string, language: Language): string {
  const { locale, euro, cent, and } = WORDS[language];
  return text.replaceAll(AMOUNT, (_, after: string | undefined, before: string | undefined) => {
    const all = centsOf(after ?? before ?? '0');
    const [euros, cents] = [all / 100n, all % 100n];
    if (cents === 0n) return counted(euros, euro, locale);
    if (euros === 0n) return counted(cents, cent, locale);
    return counted(euros, euro, locale) + and + counted(cents, cent, locale);
  });
}
