import { FormField } from '@jolly/contracts/service-catalogue';
import { wordsIn } from '@jolly/ui-kit/messages';
import { describe, expect, it } from 'vitest';
import { shownAnswer, shownWhileWritten } from './field-value.ts';

const words = wordsIn('it', 'Europe/Rome');
const field = (rest: object) => FormField.parse({ id: 'one', label: { it: 'Uno' }, ...rest });
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('what is written', () => {
  it.each([
    ['', '', 'gg / mm / aaaa'],
    ['1', '1', '_ / mm / aaaa'],
    ['12', '12', ' / mm / aaaa'],
    ['1209', '12 / 09', ' / aaaa'],
    ['120920', '12 / 09 / 20', '__'],
    ['12092026', '12 / 09 / 2026', ''],
  ])('of a date %j is %j, and %j is still to come', (value, written, rest) => {
    expect(shownWhileWritten(field({ kind: 'date' }), value, words)).toEqual({ written, rest });
  });

  it('of an amount is money from the first key', () => {
    const amount = field({ kind: 'amount' });
    expect(plain(shownWhileWritten(amount, '', words).rest)).toBe('0,00 €');
    expect(plain(shownWhileWritten(amount, '5', words).written)).toBe('0,05 €');
    expect(plain(shownWhileWritten(amount, '123456', words).written)).toBe('1.234,56 €');
  });

  it('of a code has a place for each character that is missing', () => {
    const code = field({ kind: 'fiscal-code' });
    expect(shownWhileWritten(code, 'RSS', words).rest).toHaveLength(13);
    expect(shownWhileWritten(code, '8400', words).rest).toHaveLength(7);
    expect(shownWhileWritten(field({ kind: 'digits', minLength: 6, maxLength: 6 }), '10', words).rest).toBe(
      '____',
    );
  });
});

describe('an answer on the review', () => {
  it('is written as people write it', () => {
    expect(shownAnswer(field({ kind: 'date' }), '12092026', words)).toBe('12 settembre 2026');
    expect(plain(shownAnswer(field({ kind: 'amount' }), '2940', words))).toBe('29,40 €');
    const choices = [{ value: 'a', label: { it: 'Zona A', en: 'Zone A' } }];
    expect(shownAnswer(field({ kind: 'choice', choices }), 'a', words)).toBe('Zona A');
    expect(shownAnswer(field({ kind: 'plate' }), '', words)).toBe('');
  });
});
