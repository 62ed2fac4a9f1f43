import { describe, expect, it } from 'vitest';
import { browserVoice } from './voice.ts';

const voice = (lang: string, localService = true) => ({ lang, localService }) as SpeechSynthesisVoice;

function withVoices(voices: readonly SpeechSynthesisVoice[]) {
  const done: string[] = [];
  const faults: string[] = [];
  const spoken: SpeechSynthesisUtterance[] = [];
  const speaks = browserVoice(
    {
      getVoices: () => voices,
      cancel: () => done.push('cancel'),
      speak: (utterance) => {
        spoken.push(utterance);
        done.push(`${utterance.lang}: ${utterance.text}`);
      },
    },
    (text) => ({ text }) as SpeechSynthesisUtterance,
    (fault) => faults.push(fault),
  );
  return { speaks, done, faults, spoken };
}

describe('the voice of the browser', () => {
  it('speaks the language of the screen and gives up what it was saying', () => {
    const { speaks, done } = withVoices([voice('en-GB'), voice('it_IT')]);
    speaks.say('Scrivi il PIN', 'it');
    speaks.say('Type the PIN', 'en');
    speaks.stop();
    expect(done).toEqual(['cancel', 'it_IT: Scrivi il PIN', 'cancel', 'en-GB: Type the PIN', 'cancel']);
  });

  it('is silent without a voice of this computer: nothing goes out to one of the network', () => {
    const { speaks, done } = withVoices([voice('it-IT', false), voice('de-DE')]);
    speaks.say('Scrivi il PIN', 'it');
    expect(done).toEqual(['cancel']);
  });

  it('reports a fault by its code alone, and no interruption', () => {
    const { speaks, spoken, faults } = withVoices([voice('it-IT')]);
    speaks.say('Scrivi il PIN', 'it');
    const [utterance] = spoken;
    if (!utterance) throw new Error('nothing spoken');
    for (const error of ['interrupted', 'audio-hardware'] as const) {
      utterance.onerror?.call(utterance, { error } as SpeechSynthesisErrorEvent);
    }
    expect(faults).toEqual(['no speech: audio-hardware']);
  });
});
