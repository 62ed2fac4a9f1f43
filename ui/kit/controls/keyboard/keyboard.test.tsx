import { FieldKind } from '@jolly/contracts/service-catalogue';
import { Language } from '@jolly/contracts/terminal-channel';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Keyboard } from './keyboard.tsx';
import { fiscalCodeTakes, type LayoutWish, layerOf } from './layout.ts';

/** Letters of each language, as its children learn them: written down here, not taken from the layouts. */
const LETTERS: Readonly<Record<Language, string>> = {
  it: 'abcdefghijklmnopqrstuvwxyzàèéìòù',
  en: 'abcdefghijklmnopqrstuvwxyz',
  de: 'abcdefghijklmnopqrstuvwxyzäöüß',
  fr: 'abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ',
  es: 'abcdefghijklmnopqrstuvwxyzñáéíóúü',
  ro: 'abcdefghijklmnopqrstuvwxyzăâîșț',
  sq: 'abcdefghijklmnopqrstuvwxyzçë',
  sl: 'abcdefghijklmnopqrstuvwxyzčšžćđ',
  uk: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’',
  ar: 'ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى',
  zh: 'abcdefghijklmnopqrstuvwxyzāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ',
};

const wish = (more: Partial<LayoutWish>): LayoutWish => ({
  kind: 'text',
  language: 'it',
  abc: false,
  value: '',
  capitals: false,
  marks: false,
  latin: false,
  ...more,
});

const written = (more: Partial<LayoutWish>): string[] =>
  layerOf(wish(more))
    .rows.flat()
    .flatMap((key) => (key.does === 'write' && !key.off ? [key.text] : []));

const reachable = (more: Partial<LayoutWish>): Set<string> =>
  new Set([...written(more), ...written({ ...more, marks: true })]);

describe('the letters of a language', () => {
  it.each(Language.options)('%s: all can be written, in either order, one layer away at most', (language) => {
    for (const kind of ['text', 'name'] as const) {
      for (const abc of [false, true]) {
        const keys = reachable({ kind, language, abc });
        expect([...LETTERS[language]].filter((letter) => !keys.has(letter))).toEqual([]);
      }
    }
  });

  it.each(Language.options)('%s: names of passports can be written in Latin letters', (language) => {
    const keys = reachable({ kind: 'name', language, latin: true });
    expect([...'abcdefghijklmnopqrstuvwxyz-'].filter((letter) => !keys.has(letter))).toEqual([]);
    expect(keys.has("'") || keys.has('’')).toBe(true);
  });

  it.each(Language.options)(
    '%s: no key is there twice in a layer, none is narrower than 64 px',
    (language) => {
      for (const kind of FieldKind.options.filter((each) => each !== 'choice')) {
        for (const abc of [false, true]) {
          for (const marks of [false, true]) {
            const layer = layerOf(wish({ kind, language, abc, marks }));
            const keys = layer.rows.flat().map((key) => (key.does === 'write' ? key.text : key.does));
            expect(keys.length).toBe(new Set(keys).size);
            expect((952 - 14 * (layer.columns - 1)) / layer.columns).toBeGreaterThanOrEqual(64);
            for (const row of layer.rows) expect(row.length).toBeLessThanOrEqual(layer.columns);
          }
        }
      }
    },
  );

  it('are in the order of the alphabet where somebody asked for it', () => {
    const keys = written({ kind: 'name', abc: true }).join('');
    expect(keys).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(written({ kind: 'name', language: 'fr' }).join('').slice(0, 6)).toBe('azerty');
  });

  it('are capitals at the start, and for the Turkish dot nothing is guessed', () => {
    expect(written({ kind: 'name', capitals: true })).toContain('Q');
    expect(written({ kind: 'name', language: 'de', capitals: true, marks: true })).toContain('ß');
  });
});

describe('the tax code', () => {
  const CODE = 'RSSMRA85T10A562S';

  it('takes each place’s own kind, and digits that became letters', () => {
    for (let at = 0; at < CODE.length; at += 1) {
      expect(fiscalCodeTakes(CODE.slice(0, at), CODE.charAt(at)), String(at)).toBe(true);
    }
    expect(fiscalCodeTakes('RSSMRA', 'L')).toBe(true);
    expect(fiscalCodeTakes('RSSMRA', 'A')).toBe(false);
    expect(fiscalCodeTakes('RSSMR', '5')).toBe(false);
    expect(fiscalCodeTakes(CODE, 'A')).toBe(false);
  });

  it('is eleven digits for a body or a company', () => {
    expect(fiscalCodeTakes('', '8')).toBe(true);
    expect(fiscalCodeTakes('8400689048', '1')).toBe(true);
    expect(fiscalCodeTakes('8400', 'A')).toBe(false);
    expect(fiscalCodeTakes('84006890481', '1')).toBe(false);
  });

  it('shows what cannot come next, switched off in its place', () => {
    const keys = written({ kind: 'fiscal-code', value: 'RSSMRA' });
    expect(keys.join('')).toBe('1234567890QRTUPSLVNM');
    expect(written({ kind: 'plate', language: 'de' }).join('')).toBe('1234567890QWERTZUIOPASDFGHJKLYXCVBNM');
  });
});

describe('the keyboard on the page', () => {
  const draw = (kind: FieldKind, language: Language = 'it') =>
    renderToStaticMarkup(
      <Keyboard
        kind={kind}
        language={language}
        abc={false}
        value=""
        onWrite={() => undefined}
        onErase={() => undefined}
        onClear={() => undefined}
        canContinue={false}
      />,
    );

  it.each(FieldKind.options.filter((kind) => kind !== 'choice'))(
    '%s: real buttons, each with a name',
    (kind) => {
      const html = draw(kind);
      const buttons = html.match(/<button/g)?.length ?? 0;
      expect(buttons).toBeGreaterThanOrEqual(12);
      expect(html.match(/<button type="button"/g)?.length).toBe(buttons);
      expect(html).toContain('key-erase');
      expect(html).toContain('key-clear');
    },
  );

  it('names with letters of their own begin with the Latin keys, texts with their own', () => {
    expect(draw('name', 'uk')).toContain('data-testid="key-q"');
    expect(draw('text', 'uk')).toContain('data-testid="key-й"');
    expect(draw('text', 'ar')).toContain('data-testid="key-ض"');
  });
});
