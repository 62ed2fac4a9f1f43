import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES, Language, Preferences, SpeechSpeed, Theme } from '../terminal-channel/index.ts';
import { isPreferencesCode, readPreferences, writePreferences } from './preferences-codec.ts';

const preferences: fc.Arbitrary<Preferences> = fc.record({
  language: fc.constantFrom(...Language.options),
  textScale: fc.constantFrom(1 as const, 1.5 as const, 2 as const),
  theme: fc.constantFrom(...Theme.options),
  lowered: fc.boolean(),
  hand: fc.constantFrom('right' as const, 'left' as const),
  listen: fc.boolean(),
  speed: fc.constantFrom(...SpeechSpeed.options.map((option) => option.value)),
  volume: fc.integer({ min: 0, max: 10 }),
  calm: fc.boolean(),
  moreTime: fc.boolean(),
  abcKeys: fc.boolean(),
});

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

describe('the preferences as a code', () => {
  it('come back as they were, from nineteen characters that any QR code holds as letters', () => {
    fc.assert(
      fc.property(preferences, (wish) => {
        const text = writePreferences(wish);
        expect(text).toMatch(/^JOLLY1:[A-Z2-7]{12}$/);
        expect(readPreferences(text)).toEqual(wish);
      }),
    );
  });

  it('are the same text for everybody who chose the same', () => {
    expect(writePreferences(DEFAULT_PREFERENCES)).toBe(writePreferences({ ...DEFAULT_PREFERENCES }));
    // printed on paper somewhere already: a change of layout must be a change of mark
    expect(writePreferences(DEFAULT_PREFERENCES)).toMatchInlineSnapshot(`"JOLLY1:AAAJAAAAAQDG"`);
  });

  it('one or two changed characters are never taken for another choice', () => {
    fc.assert(
      fc.property(
        preferences,
        fc.integer({ min: 7, max: 18 }),
        fc.integer({ min: 1, max: 31 }),
        (wish, place, by) => {
          const text = writePreferences(wish);
          const now = BASE32.indexOf(text.charAt(place));
          const wrong = text.slice(0, place) + BASE32.charAt((now + by) % 32) + text.slice(place + 1);
          expect(readPreferences(wrong)).toBeUndefined();
        },
      ),
    );
  });

  it('whatever is scanned, the reading is a valid choice or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^JOLLY[0-9]:[A-Z2-7]{0,14}$/)), (text) => {
        const read = readPreferences(text);
        if (read !== undefined) expect(Preferences.parse(read)).toEqual(read);
      }),
    );
  });

  it('say what they are, whole or broken', () => {
    expect(isPreferencesCode('JOLLY1:AAAA')).toBe(true);
    expect(isPreferencesCode('jolly2:AAAA')).toBe(true);
    expect(readPreferences('JOLLY2:AAAAAAAAAAAA')).toBeUndefined();
    expect(isPreferencesCode('PAGOPA|002|302000120456789276|84006890481|12345')).toBe(false);
  });
});
