import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigit, mrzInformation, readTd1 } from './mrz.ts';

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const digit = (text: string) => String.fromCharCode(checkDigit(ascii(text)));

function zone(over: { number?: string; names?: string; birth?: string; sex?: string } = {}): string {
  const { number = 'CA00000AA', names = 'ROSSI<<GIULIA<MARIA', birth = '900304', sex = 'F' } = over;
  const first = number.slice(0, 9).padEnd(9, '<');
  const more = number.slice(9);
  const one =
    `C<ITA${first}${more === '' ? digit(first) : '<'}${more === '' ? '' : more + digit(number)}`.padEnd(
      30,
      '<',
    );
  const two = `${birth}${digit(birth)}${sex}330304${digit('330304')}ITA`.padEnd(29, '<');
  const composite = one.slice(5) + two.slice(0, 7) + two.slice(8, 15) + two.slice(18, 29);
  return `${one}${two}${digit(composite)}${names.padEnd(30, '<')}`;
}

describe('the machine-readable zone of an identity card', () => {
  test('is read', () => {
    expect(readTd1(ascii(zone()))).toEqual({
      type: 'C',
      country: 'ITA',
      documentNumber: 'CA00000AA',
      birth: '900304',
      sex: 'F',
      expiry: '330304',
      nationality: 'ITA',
      surname: 'ROSSI',
      givenNames: 'GIULIA MARIA',
    });
  });

  test('a number of more than nine places goes on in the optional data', () => {
    for (const number of ['CA00000AA1', 'CA00000AA12345678901234'.slice(0, 23)]) {
      expect(readTd1(ascii(zone({ number }))).documentNumber).toBe(number);
    }
    const information = mrzInformation({ documentNumber: 'D23145890734', birth: '340712', expiry: '950712' });
    // 9303-11 D.2: the whole number with its own check digit
    expect(String.fromCharCode(...information)).toBe('D23145890734934071279507122');
  });

  test('a short number is filled up', () => {
    expect(readTd1(ascii(zone({ number: 'AB12' }))).documentNumber).toBe('AB12');
    const information = mrzInformation({ documentNumber: 'AB2134', birth: '520727', expiry: '950712' });
    expect(String.fromCharCode(...information)).toBe('AB2134<<<5520727395071 22'.replace(' ', ''));
  });

  test('unknown parts of a birth date and a missing given name are let through', () => {
    expect(readTd1(ascii(zone({ birth: '90<<<<' }))).birth).toBe('90<<<<');
    expect(readTd1(ascii(zone({ names: 'ROSSI' })))).toMatchObject({ surname: 'ROSSI', givenNames: '' });
  });

  test('one changed character in a checked field is noticed', () => {
    const text = zone();
    // the names have no check digit
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 59 }),
        fc.constantFrom(...'0123456789ABCDEFGHIJ<'),
        (at, letter) => {
          if (text[at] === letter || at === 37 || (at >= 45 && at < 48)) return;
          // letters ten apart weigh the same: check digits cannot see that
          if ((valueOfLetter(text[at] ?? '') - valueOfLetter(letter)) % 10 === 0) return;
          expect(() => readTd1(ascii(text.slice(0, at) + letter + text.slice(at + 1)))).toThrow(
            /CARD_ANSWER_INVALID/,
          );
        },
      ),
    );
  });

  test('anything else is a named error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 85, maxLength: 95 }), (bytes) => {
        expect(() => readTd1(bytes)).toThrow(/CARD_ANSWER_INVALID/);
      }),
    );
    for (const wrong of [
      zone({ names: '<<GIULIA' }),
      zone({ names: 'A<<B<<C' }),
      zone({ names: 'rossi' }),
      zone({ birth: '901304' }),
      zone({ sex: 'X' }),
      '',
    ]) {
      expect(() => readTd1(ascii(wrong))).toThrow(/CARD_ANSWER_INVALID/);
    }
  });

  test('what nobody could have typed is refused before the card sees it', () => {
    for (const wrong of [
      { documentNumber: '', birth: '900304', expiry: '330304' },
      { documentNumber: 'CA<', birth: '900304', expiry: '330304' },
      { documentNumber: 'CA1', birth: '9003', expiry: '330304' },
      { documentNumber: 'ca1', birth: '900304', expiry: '330304' },
    ]) {
      expect(() => mrzInformation(wrong)).toThrow(/SECRET_MALFORMED/);
    }
  });
});

function valueOfLetter(letter: string): number {
  if (letter === '<') return 0;
  return /\d/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 55;
}
