import { describe, expect, it } from 'vitest';
import { nameOf, type Subject } from '../testing/index.ts';
import { citizenOf } from './identity.ts';

const now = Date.UTC(2026, 10, 21);
const MARIO = 'RSSMRA85T10A562S';
const of = (...subject: Subject) => citizenOf(nameOf(subject), now);

describe('the citizen a certificate names', () => {
  it.each<[string, Subject]>([
    ['a CIE or CNS', [['CN', `${MARIO}/7390000000000001.x9`]]],
    ['a European profile', [['serialNumber', `TINIT-${MARIO}`]]],
    [
      'both',
      [
        ['CN', `${MARIO}/1`],
        ['serialNumber', `TINIT-${MARIO}`],
      ],
    ],
  ])('is read from the attributes of %s', (_, subject) => {
    expect(of(['GN', 'Mario'], ['SN', 'Rossi'], ...subject)).toEqual({
      fiscalCode: MARIO,
      givenName: 'Mario',
      familyName: 'Rossi',
      birthDate: '1985-12-10',
    });
  });

  it.each<[string, Subject]>([
    ['no code', [['CN', 'Mario Rossi']]],
    ['a code without its slash', [['CN', MARIO]]],
    ['a code in the middle of the text', [['CN', `X/${MARIO}/1`]]],
    ['a wrong check character', [['CN', 'RSSMRA85T10A562T/1']]],
    [
      'two common names',
      [
        ['CN', `${MARIO}/1`],
        ['CN', 'BNCGLI90A41G999P/1'],
      ],
    ],
    [
      'two codes',
      [
        ['CN', `${MARIO}/1`],
        ['serialNumber', 'TINIT-BNCGLI90A41G999P'],
      ],
    ],
    ['a code of another country', [['serialNumber', `TINDE-${MARIO}`]]],
    ['a code in an attribute that is not for it', [['O', `${MARIO}/1`]]],
    [
      'a control character',
      [
        ['CN', `${MARIO}/1`],
        ['GN', 'Mario\u0007'],
      ],
    ],
    [
      'a name longer than any',
      [
        ['CN', `${MARIO}/1`],
        ['GN', 'M'.repeat(121)],
      ],
    ],
  ])('is nobody with %s', (_, subject) => {
    expect(() => of(...subject)).toThrow(expect.objectContaining({ code: 'identity-unreadable' }));
  });
});
