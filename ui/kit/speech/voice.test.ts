import { describe, expect, it } from 'vitest';
import { browserVoice, type Utterance } from './voice.ts';

const utterance = (text: string, language: Utterance['language'], secret = false): Utterance => ({
  ...{ text, language, speed: 1.25, private: secret },
});

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
    speaks.say(utterance('Scrivi il PIN', 'it'));
    speaks.say(utterance('Type the PIN', 'en'));
    speaks.stop();
    expect(done).toEqual(['cancel', 'it_IT: Scrivi il PIN', 'cancel', 'en-GB: Type the PIN', 'cancel']);
  });

  it('gets nothing private: nobody knows which output it takes', () => {
    const { speaks, done } = withVoices([voice('it-IT')]);
    speaks.say(utterance('Buongiorno, Giulia', 'it', true));
    expect(done).toEqual(['cancel']);
  });

  it('tells its end, and that it was interrupted', () => {
    const { speaks, spoken } = withVoices([voice('it-IT')]);
    const ends: string[] = [];
    const say = () => speaks.say(utterance('Uno', 'it'), { onEnd: (how) => ends.push(how) });
    say();
    say();
    for (const made of spoken) made.onend?.call(made, {} as SpeechSynthesisEvent);
    expect(ends).toEqual(['interrupted', 'done']);
    expect(spoken[0]?.rate).toBe(1.25);
  });

  it('is silent without a voice of this computer: nothing goes out to one of the network', () => {
    const { speaks, done } = withVoices([voice('it-IT', false), voice('de-DE')]);
    speaks.say(utterance('Scrivi il PIN', 'it'));
    expect(done).toEqual(['cancel']);
  });

  it('reports a fault by its code alone, and no interruption', () => {
    const { speaks, spoken, faults } = withVoices([voice('it-IT')]);
    speaks.say(utterance('Scrivi il PIN', 'it'));
    const [made] = spoken;
    if (!made) throw new Error('nothing spoken');
    for (const error of ['interrupted', 'audio-hardware'] as const) {
      made.onerror?.call(made, { error } as SpeechSynthesisErrorEvent);
    }
    expect(faults).toEqual(['no speech: audio-hardware']);
  });
});
