import { describe, expect, it } from 'vitest';
import { browserSinks, webMixer } from '../mixer/index.ts';
import { mixedSounds, NOTES } from './sounds.ts';

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
    const mixer = webMixer(
      () => {
        throw new Error('no device');
      },
      browserSinks(undefined),
      (fault) => faults.push(fault),
    );
    const sounds = mixedSounds(mixer);
    sounds.play('done');
    sounds.play('attention');
    expect(faults).toEqual(['no sound: Error: no device']);
  });
});
