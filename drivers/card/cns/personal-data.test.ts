import { isJollyError } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePersonalData, type PersonalData } from './personal-data-codec.ts';

const hex = (length: number, digits: number) => length.toString(16).toUpperCase().padStart(digits, '0');
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** The file as the standard lays it out, written here a second time. */
function file(fields: readonly string[], padding = 0): Uint8Array {
  const body = fields.map((field) => `${hex(field.length, 2)}${field}`).join('');
  return Uint8Array.of(...latin1(`${hex(body.length, 6)}${body}`), ...new Uint8Array(padding));
}

const lucia = [
  ...['6030', '15032024', '14032030', "DALL'ACQUA", 'LUCÌA', '03061981', 'F', ''],
  ...['DLLLCU81H43H501X', 'ITA', 'H501', '', '', 'L219', 'VIA PO 1', ''],
];
const why = (reason: string) =>
  expect.objectContaining({ code: 'CARD_ANSWER_INVALID', detail: expect.objectContaining({ why: reason }) });

describe('the personal data of a TS-CNS', () => {
  it('are sixteen fields, empty ones undefined, dates as days', () => {
    expect(decodePersonalData(file(lucia, 200))).toEqual({
      issuerCode: '6030',
      issuedOn: '2024-03-15',
      expiresOn: '2030-03-14',
      surname: "DALL'ACQUA",
      givenName: 'LUCÌA',
      bornOn: '1981-06-03',
      sex: 'F',
      heightCm: undefined,
      fiscalCode: 'DLLLCU81H43H501X',
      citizenship: 'ITA',
      birthMunicipality: 'H501',
      birthState: undefined,
      birthRecord: undefined,
      residenceMunicipality: 'L219',
      residenceAddress: 'VIA PO 1',
      notes: undefined,
    } satisfies PersonalData);
  });

  it('come through for any sixteen texts the alphabet allows', () => {
    const characters = [...Array(256).keys()]
      .filter((code) => (code > 0x20 && code < 0x7f) || code > 0xa0)
      .map((code) => String.fromCharCode(code));
    const word = fc.string({ unit: fc.constantFrom(...characters), maxLength: 40 });
    fc.assert(
      fc.property(word, word, fc.nat(100), (surname, address, padding) => {
        const fields = lucia.with(3, surname).with(14, address);
        const data = decodePersonalData(file(fields, padding));
        expect([data.surname ?? '', data.residenceAddress ?? '']).toEqual([surname, address]);
      }),
    );
  });

  it.each<[string, Uint8Array]>([
    ['short', new Uint8Array(0)],
    ['length-digits', latin1('00zz68')],
    ['length-digits', latin1('-00068')],
    ['length', latin1('FFFFFF')],
    ['length', latin1('000000')],
    ['short', file(lucia).subarray(0, 60)],
    ['short', file(lucia.slice(0, 15).concat('FF'.repeat(10)), 0).subarray(0, -1)],
    ['short', latin1(`${hex(32, 6)}${'00'.repeat(15)}0`)],
    ['field-too-long', latin1(`${hex(32, 6)}${'00'.repeat(15)}01`)],
    ['field-too-long', latin1(`${hex(33, 6)}FF${'0'.repeat(31)}`)],
    ['trailing', file([...lucia, ''])],
    ['short', file([...lucia.slice(0, 14), 'x'])],
    ['text', file(lucia.with(3, 'A\nB'))],
    ['text', file(lucia.with(3, 'A\x90B'))],
    ['date', file(lucia.with(5, '31022001'))],
    ['date', file(lucia.with(5, '1981-06-'))],
    ['sex', file(lucia.with(6, 'X'))],
  ])('are refused by name (%s)', (reason, bytes) => {
    expect(() => decodePersonalData(bytes)).toThrow(why(reason));
  });

  it('of any bytes end in data or in the named error', () => {
    const digits = fc.constantFrom(...latin1('0123456789ABCDEFabcdef '));
    const nearlyRight = fc
      .tuple(fc.constant(file(lucia, 20)), fc.nat(160), digits)
      .map(([bytes, at, byte]) => {
        const other = bytes.slice();
        other[at % other.length] = byte;
        return other;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 500 }), nearlyRight), (bytes) => {
        try {
          expect(Object.keys(decodePersonalData(bytes))).toHaveLength(16);
        } catch (error) {
          if (!isJollyError(error, 'CARD_ANSWER_INVALID')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
