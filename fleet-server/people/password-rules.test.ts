import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOfPassword } from './password-rules.ts';

const ABOUT = ['giulia.verdi', 'Giulia Verdi', 'Comune di Prova'];

describe('a new password', () => {
  it('is refused where everybody tries first', () => {
    for (const password of [
      'passwordpassword',
      'Password123!',
      'P4ssw0rd2026!!',
      'Benvenuto2026!',
      'qwertyuiop12',
      '123456789012',
      'aaaaaaaaaaaaaaaa',
      'abcabcabcabc',
      'Juventus1897!!',
      'forzanapoli1926',
      'amministratore1',
      'Comune2026!!!!',
      'zxcvbnm,./12',
      'ciaociaociao',
      'Gennaio2027!!',
      '111122223333',
      'TotemJolly2026',
      'Administrator1!',
    ]) {
      expect(faultsOfPassword(password, []), password).toContain('too-common');
    }
  });

  it('is refused where it is the person', () => {
    for (const password of ['giulia.verdi', 'GiuliaVerdi1985', 'verdigiulia!!!', 'Giulia-Verdi-99']) {
      expect(faultsOfPassword(password, ABOUT), password).toContain('too-alike');
    }
  });

  it('is refused where it is short, or on the list of the house', () => {
    expect(faultsOfPassword('k7#mQ2vx', ABOUT)).toEqual(['too-short']);
    expect(faultsOfPassword('Undici lettere?', ABOUT, new Set(['undici lettere?']))).toEqual(['too-common']);
  });

  it("is taken where it is long and one's own, whatever it is made of", () => {
    for (const password of [
      'correct horse battery staple',
      'tre tigri contro tre trentini',
      'il barattolo viola rotola',
      'wk2vq9xm4tzr',
      'però domani è tardissimo',
      'パスワードは秘密の言葉です',
    ]) {
      expect(faultsOfPassword(password, ABOUT), password).toEqual([]);
    }
  });

  it('is nearly always taken when it is random', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 32 }).filter((bytes) => new Set(bytes).size > 12),
        (bytes) => {
          expect(faultsOfPassword(Buffer.from(bytes).toString('base64url'), ABOUT)).toEqual([]);
        },
      ),
    );
  });
});
