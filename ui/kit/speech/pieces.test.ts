import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, staysMs } from './pieces.ts';

describe('the caption', () => {
  it('goes from sentence to sentence, several to a piece where they fit', () => {
    expect(piecesOf('Uno. Due. Tre quattro cinque.', 10)).toEqual(['Uno. Due.', 'Tre', 'quattro', 'cinque.']);
    expect(piecesOf('Aspetto la carta… Tienila ferma.', 20)).toEqual(['Aspetto la carta…', 'Tienila ferma.']);
    expect(piecesOf('', 20)).toEqual(['']);
  });

  it('loses no word and overflows for no more than one long word', () => {
    const sentence = fc
      .array(fc.stringMatching(/^[a-zà-ù]{1,12}$/), { minLength: 1 })
      .map((it) => it.join(' '));
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1 }), fc.integer({ min: 12, max: 104 }), (texts, limit) => {
        const text = `${texts.join('. ')}.`;
        const pieces = piecesOf(text, limit);
        expect(pieces.join(' ')).toBe(text);
        for (const piece of pieces) expect(piece.length <= limit || !piece.includes(' ')).toBe(true);
      }),
    );
  });

  it('stays longer for more words', () => {
    expect(staysMs('Uno due tre')).toBeGreaterThan(staysMs('Uno'));
  });
});
