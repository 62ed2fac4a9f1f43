import { describe, expect, it } from 'vitest';
import { NOTES, webSounds } from './sounds.ts';

describe('the signs', () => {
  it('are told apart by their notes: one short, two rising, three, two equal', () => {
    const pitches = (sign: keyof typeof NOTES) => NOTES[sign].map(({ hz }) => hz);
    expect(NOTES.click[0]?.lasts).toBe(0.012);
    const [low, high] = pitches('card-read');
    expect(high).toBeGreaterThan(low ?? 0);
    expect(pitches('done')).toHaveLength(3);
    expect(new Set(pitches('attention')).size).toBe(1);
    expect(pitches('attention')).toHaveLength(2);
  });

  it('end within a second, so that no sound covers speech', () => {
    for (const notes of Object.values(NOTES)) {
      for (const { at, lasts } of notes) expect(at + lasts).toBeLessThan(1);
    }
  });
});

describe('a page without audio', () => {
  it('goes on and says why', () => {
    const faults: string[] = [];
    const sounds = webSounds(
      () => {
        throw new Error('no device');
      },
      (fault) => faults.push(fault),
    );
    sounds.play('done');
    expect(faults).toEqual(['no sound: Error: no device']);
  });
});
