import {
  Language,
  Limitation,
  LoginAction,
  LoginProblemKind,
  Money,
  ProblemAction,
  ProblemKind,
  RatingReason,
  SecretField,
} from '@jolly/contracts/terminal-channel';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { forAllEars } from '../speech/tell.ts';
import { type Catalogue, inFours, loadCatalogue, wordsIn } from './words.ts';

const ROME = 'Europe/Rome';
const MORNING = Date.UTC(2026, 10, 21, 9, 24);

/** Names of the arguments of an ICU message, at any depth. */
function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const visit = (nodes: readonly unknown[]) => {
    for (const node of nodes) {
      const { type, value, options } = node as { type: number; value?: string; options?: object };
      if (type !== 0 && type !== 7 && value !== undefined) names.add(value);
      for (const option of Object.values(options ?? {})) visit((option as { value: unknown[] }).value);
    }
  };
  visit(new IntlMessageFormat(message, 'it').getAst());
  return [...names].sort();
}

/** A build in which a language misses a message fails here (and in the compiler). */
const catalogues = Object.fromEntries(
  await Promise.all(
    Language.options.map(async (language) => [language, await loadCatalogue(language)] as const),
  ),
) as Record<Language, Catalogue>;

describe('the catalogues', () => {
  it.each(Language.options)('%s has every key of the Italian, with the same arguments', (language) => {
    expect(Object.keys(catalogues[language]).sort()).toEqual(Object.keys(catalogues.it).sort());
    for (const [key, message] of Object.entries(catalogues[language])) {
      const italian = catalogues.it[key as keyof typeof catalogues.it];
      expect(argumentsOf(message), key).toEqual(argumentsOf(italian));
    }
  });

  it.each(Language.options)('%s has words for everything the contract can say', (language) => {
    const keys = new Set(Object.keys(catalogues[language]));
    const wanted = [
      ...ProblemKind.options.flatMap((kind) => [`problem.${kind}`, `problem.${kind}-lead`]),
      ...Money.options.flatMap((money) => [`money.${money}`, `money.${money}-how`, `idle.${money}`]),
      ...Limitation.options.flatMap((limit) => [`limit.${limit}`, `limit.${limit}-instead`]),
      ...ProblemAction.options.flatMap((action) => [`action.${action}`, `action.${action}-how`]),
      ...LoginProblemKind.options.flatMap((kind) => [`login-problem.${kind}`, `login-problem.${kind}-lead`]),
      ...LoginAction.options.flatMap((action) => [`login-action.${action}`, `login-action.${action}-how`]),
      ...SecretField.options.map((field) => `secret.${field}`),
      ...RatingReason.options.flatMap((reason) => [`rating.low-${reason}`, `rating.high-${reason}`]),
    ];
    expect(wanted.filter((key) => !keys.has(key))).toEqual([]);
  });

  it.each(Language.options)('%s has no exclamation mark, straight quote or word of machines', (language) => {
    for (const [key, message] of Object.entries(catalogues[language])) {
      expect(message, key).not.toMatch(
        /!|"|[a-zà-ù]'[a-zà-ù]|\b(errore|attenzione|procedi|OK|error|warning)\b/i,
      );
    }
  });

  it('keeps titles of bad news within two lines and buttons within 28 characters', () => {
    for (const kind of ProblemKind.options) {
      expect(catalogues.it[`problem.${kind}`].length, kind).toBeLessThanOrEqual(45);
      expect(catalogues.it[`problem.${kind}-lead`].length, kind).toBeLessThanOrEqual(70);
    }
    for (const action of ProblemAction.options) {
      expect(catalogues.it[`action.${action}`].length, action).toBeLessThanOrEqual(28);
    }
  });
});

describe('the words of the login', () => {
  const values = [
    { card: 'cie', what: 'pin' },
    { card: 'cns', what: 'puk' },
  ];

  it.each(Language.options)('%s fit their places with either card', (language) => {
    const { t } = wordsIn(language, ROME);
    for (const kind of LoginProblemKind.options) {
      for (const value of values) {
        expect(t(`login-problem.${kind}`, value).length, kind).toBeLessThanOrEqual(45);
        expect(t(`login-problem.${kind}-lead`, value).length, kind).toBeLessThanOrEqual(70);
      }
    }
    for (const action of LoginAction.options) {
      expect(t(`login-action.${action}`).length, action).toBeLessThanOrEqual(28);
    }
  });

  it('say tries and digits in words', () => {
    const { t } = wordsIn('it', ROME);
    expect(t('secret.tries', { tries: 1 })).toBe('Hai ancora 1 tentativo.');
    expect(t('secret.tries', { tries: 2 })).toBe('Hai ancora 2 tentativi.');
    expect(t('secret.entered', { entered: 3, all: 8 })).toBe('cifra 3 di 8');
    expect(t('login.left', { seconds: 4 })).toBe('ancora 4 secondi');
  });

  it.each(Language.options)('%s do not borrow the name of the national service', (language) => {
    for (const message of Object.values(catalogues[language])) {
      expect(message).not.toMatch(/(entra|sign in|log in) con (la )?(CIE|SPID)|SPID/i);
    }
  });
});

describe('money', () => {
  it('stands for who reads from the right as on the Italian notice, isolated', () => {
    expect(wordsIn('ar', ROME).money(123456)).toBe('\u20661.234,56\u00a0€\u2069');
  });

  it('has the comma, a space that does not break and points from 1.000', () => {
    const { money } = wordsIn('it', ROME);
    expect(money(12345)).toBe('123,45\u00a0€');
    expect(money(0)).toBe('0,00\u00a0€');
    expect(money(123456)).toBe('1.234,56\u00a0€');
    expect(money(99999999999)).toBe('999.999.999,99\u00a0€');
  });
});

describe('time', () => {
  it('is shown in the place’s zone', () => {
    const words = wordsIn('it', ROME);
    expect(words.time(MORNING)).toBe('10:24');
    expect(words.shortDay(MORNING)).toBe('sab 21 nov');
    expect(words.longDay(MORNING)).toBe('sabato 21 novembre');
    expect(words.hour(MORNING)).toBe(10);
    expect(wordsIn('it', 'America/New_York').time(MORNING)).toBe('04:24');
  });

  it('does not move a due date with the zone', () => {
    expect(wordsIn('it', 'Pacific/Auckland').date('2026-12-02')).toBe('2 dicembre 2026');
    expect(wordsIn('en', 'America/New_York').date('2026-12-02')).toBe('2 December 2026');
  });
});

describe('words with numbers', () => {
  it('follow the number', () => {
    const { t } = wordsIn('it', ROME);
    expect(t('due.left', { days: 11 })).toBe('mancano 11 giorni');
    expect(t('due.left', { days: 1 })).toBe('manca 1 giorno');
    expect(t('due.left', { days: 0 })).toBe('scade oggi');
    expect(t('due.past', { days: 4 })).toBe('scaduto da 4 giorni');
    expect(t('card.left', { minutes: 1, seconds: 12, both: 'yes' })).toBe(
      'Il lettore aspetta ancora 1 minuto e 12 secondi',
    );
    expect(t('card.left', { minutes: 0, seconds: 1, both: 'no' })).toBe(
      'Il lettore aspetta ancora 1 secondo',
    );
  });
});

describe('groups of four', () => {
  it('leave no space at the end', () => {
    expect(inFours('302000120456789276')).toBe('3020 0012 0456 7892 76');
    expect(inFours('3020')).toBe('3020');
    expect(inFours('')).toBe('');
  });
});

describe('a sum in any language', () => {
  it.each(Language.options)('%s: is never said aloud by its figures', (language) => {
    const { money, t } = wordsIn(language, ROME);
    for (const cents of [5, 12_345, 123_456_789]) {
      const scene = { place: '', header: [], title: money(cents), lines: [], controls: [] };
      expect(forAllEars(scene, [], t).title, money(cents)).toBe(t('speech.amount'));
    }
  });
});
