import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spoken } from './spoken.ts';

describe('amounts are spoken', () => {
  it.each([
    ['it', 'Paga 123,45\u00a0€', 'Paga 123 euro e 45 centesimi'],
    ['it', 'Paga 1.234,01 €.', 'Paga 1234 euro e 1 centesimo.'],
    ['it', '0,00 €', '0 euro'],
    ['it', '0,50 €', '50 centesimi'],
    ['it', '1,00 €', '1 euro'],
    ['en', 'Pay €1,234.50', 'Pay 1234 euros and 50 cents'],
    ['en', '€1.01', '1 euro and 1 cent'],
    ['de', '123,45\u00a0€', '123 Euro und 45 Cent'],
    ['fr', '1\u202f234,50\u00a0€', '1234 euros et 50 centimes'],
    ['es', '1,01\u00a0€', '1 euro y 1 céntimo'],
    ['ro', '123,45\u00a0EUR', '123 de euro și 45 de cenți'],
    ['sq', '1\u00a0234,50\u00a0€', '1234 euro e 50 cent'],
    ['sl', '2,03\u00a0€', '2 evra in 3 centi'],
    ['uk', '1\u00a0234,02\u00a0EUR', '1234 євро і 2 центи'],
    ['ar', '\u200f1,234.50\u00a0€', '1234 يورو و 50 سنت'],
    ['zh', '€123.45', '123欧元45欧分'],
  ] as const)('%s: %s', (language, written, said) => {
    expect(spoken(written, language)).toBe(said);
  });

  it('no sign of money and no separator is left of any amount', () => {
    const money = new Intl.NumberFormat('it-IT', {
      style: 'currency',
      currency: 'EUR',
      useGrouping: 'always',
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => {
        const said = spoken(`Totale ${money.format(cents / 100)}.`, 'it');
        expect(said).not.toMatch(/€|\d[.,]\d/);
        const [euro = '0'] = said.match(/\d+(?= euro)/) ?? [];
        const [rest = '0'] = said.match(/\d+(?= centesim)/) ?? [];
        expect(BigInt(euro) * 100n + BigInt(rest)).toBe(BigInt(cents));
      }),
    );
  });
});

describe('numbers, dates and codes are spoken', () => {
  it.each([
    ['Scade il 02/12/2026.', 'Scade il 2 dicembre 2026.'],
    ['Scade il 2026-12-02', 'Scade il 2 dicembre 2026'],
    ['Il 31/02/2026', 'Il 31/02/2026'],
    ['Avviso 3020 0012 0456 7892 76', 'Avviso 3 0 2 0, 0 0 1 2, 0 4 5 6, 7 8 9 2, 7 6'],
    ['IUV 02000120456789276', 'I U V 0 2 0 0, 0 1 2 0, 4 5 6 7, 8 9 2 7, 6'],
    ['Ente 84006890481', 'Ente 8 4 0 0, 6 8 9 0, 4 8 1'],
    ['Chiama 0574 1836096', 'Chiama 0 5 7 4, 1 8 3 6, 0 9 6'],
    ['Chiama +39 0574 183609', 'Chiama + 3 9, 0 5 7 4, 1 8 3 6, 0 9'],
    ['RSSMRA85A01H501Z', 'R S S, M R A, 8 5 A, 0 1, H 5 0 1, Z'],
    ['Codice PO-09 10:08 D4F7', 'Codice P O, 0 9 10:08 D 4 F 7'],
    ['Scrivi a info@comune.prato.it', 'Scrivi a info chiocciola comune punto prato punto it'],
    ['TARI 2026 con la CIE e il PIN', 'tari 2026 con la C I E e il pin'],
    ['cifra 3 di 8', 'cifra 3 di 8'],
    ['Tocca «Rialza»… poi', 'Tocca Rialza. poi'],
  ])('%s', (written, said) => {
    expect(spoken(written, 'it')).toBe(said);
  });

  it('says the month of a date in the language of the page', () => {
    expect(spoken('2026-12-02', 'de')).toBe('2. Dezember 2026');
    expect(spoken('2026-12-02', 'en')).toBe('2 December 2026');
  });

  it('leaves plain sentences as they are', () => {
    const sentence = 'Appoggia la carta sul lettore, con la foto verso l’alto.';
    expect(spoken(sentence, 'it')).toBe(sentence);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => void spoken(text, 'it')),
    );
  });
});
