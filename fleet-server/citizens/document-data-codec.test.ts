import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { der, dg1, tag2 } from '../testing/index.ts';
import { readDg1, readDg11 } from './document-data-codec.ts';

const text = (value: string) => Buffer.from(value, 'utf8');

describe('the data groups of the document', () => {
  it('give number, name and last day from the printed lines', () => {
    expect(readDg1(dg1('CA00000AA', '900101', '301231', 'DE<ROSSI<<ANNA<MARIA'))).toEqual({
      documentNumber: 'CA00000AA',
      familyName: 'DE ROSSI',
      givenName: 'ANNA MARIA',
      birth: '900101',
      expiresOn: '2030-12-31',
    });
  });

  it('are refused with any printed character changed that a check digit covers', () => {
    const file = dg1('CA00000AA', '900101', '301231', 'ROSSI<<ANNA');
    const covered = [...Array(10).keys()].map((at) => at + 5 + 5).concat([35, 36, 41, 43, 48]);
    for (const at of covered) {
      const changed = Buffer.from(file);
      changed[at] = changed[at] === 0x37 ? 0x38 : 0x37;
      expect(readDg1(changed), String(at)).toBeUndefined();
    }
  });

  it('give the fiscal code, accents and a packed birth date', () => {
    const file = der.tlv(
      0x6b,
      der.tlv(0x5c, Buffer.from('5f0e5f105f2b', 'hex')),
      tag2(0x5f0e, text('D’ANGIÒ<<NICOLÒ')),
      tag2(0x5f10, text('RSSMRA85T10A562S')),
      tag2(0x5f2b, Buffer.from('19851210', 'hex')),
    );
    expect(readDg11(file)).toEqual({
      fiscalCode: 'RSSMRA85T10A562S',
      name: { familyName: 'D’ANGIÒ', givenName: 'NICOLÒ' },
      birthDate: '1985-12-10',
    });
  });

  it.each([
    ['another file', der.tlv(0x61)],
    ['a field twice', der.tlv(0x6b, tag2(0x5f10, text('A')), tag2(0x5f10, text('B')))],
    ['text that is no UTF-8', der.tlv(0x6b, tag2(0x5f10, Buffer.from([0xff])))],
    ['a name with a control character', der.tlv(0x6b, tag2(0x5f0e, text('A\u001b[2J')))],
    ['bytes after it', Buffer.concat([der.tlv(0x6b), Buffer.from([0])])],
  ])('are refused as %s', (_, file) => expect(readDg11(file)).toBeUndefined());

  it('never fail otherwise, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const file of [bytes, der.tlv(0x6b, bytes), der.tlv(0x61, tag2(0x5f1f, bytes))]) {
          readDg1(file);
          readDg11(file);
        }
      }),
    );
  });
});
