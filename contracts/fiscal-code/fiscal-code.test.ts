import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { birthDateOf, fiscalCodeIsValid } from './index.ts';

const now = Date.UTC(2026, 10, 21);

describe('a fiscal code', () => {
  it.each([
    ['RSSMRA85T10A562S', true], // the example of the tax agency's own pages
    ['RSSMRA85T10A562T', false],
    ['RSSMRA85T10A56NH', true], // the same with a digit written as a letter
    ['rssmra85t10a562s', false],
    ['', false],
    ['RSSMRA85T10A562', false],
  ])('%s is valid: %s', (code, valid) => expect(fiscalCodeIsValid(code)).toBe(valid));

  it('with any one character changed is invalid or another code of the same sum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 9 }), (at, digit) => {
        const code = 'RSSMRA85T10A562S';
        const changed = code.slice(0, at) + String(digit) + code.slice(at + 1);
        return changed === code || !fiscalCodeIsValid(changed);
      }),
    );
  });

  it('gives the birth date when only one century is possible', () => {
    expect(birthDateOf('RSSMRA85T10A562S', now)).toBe('1985-12-10');
  });

  it.each([
    ['a woman’s day', 'BNCGLI90A41G999P', '1990-01-01'],
    ['nothing when born in 1910 or 2010', 'RSSMRA10T10A562U', undefined],
    ['nothing for an invalid code', 'RSSMRA85T10A562X', undefined],
  ])('gives %s', (_, code, date) => {
    if (date !== undefined) expect(fiscalCodeIsValid(code)).toBe(true);
    expect(birthDateOf(code, now)).toBe(date);
  });
});
