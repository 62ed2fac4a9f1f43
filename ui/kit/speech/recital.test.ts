import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { noMixer } from '../mixer/index.ts';
import { sentencesOf } from './pieces.ts';
import { Recital } from './recital.ts';
import { samplesOf, terminalVoice } from './terminal-voice.ts';
import { firstThatSpeaks, noVoice, type SpokenEnd, type Utterance, type Voice } from './voice.ts';

const text = 'Paga un avviso. Hai 3 scelte: Paga; Aiuto; Esci. Passo 1 di 3.';
const said = (more: Partial<Utterance> = {}): Utterance => ({
  ...{ text, language: 'it', speed: 1, private: false },
  ...more,
});
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

function slowVoice() {
  const spoken: string[] = [];
  let end: ((how: SpokenEnd) => void) | undefined;
  const voice: Voice = {
    discreet: true,
    say: (utterance, events) => {
      spoken.push(utterance.text);
      end = events?.onEnd;
    },
    stop: () => spoken.push('(stop)'),
  };
  return { voice, spoken, end: (how: SpokenEnd) => end?.(how) };
}

function recital(voice: Voice) {
  const clock = new ManualClock();
  const shown: (string | undefined)[] = [];
  let silences = 0;
  const told = new Recital(() => voice, clock, {
    onSentence: (sentence) => shown.push(sentence),
    onSilence: () => {
      silences += 1;
    },
  });
  return { clock, shown, told, silences: () => silences };
}

describe('a text', () => {
  it('is said sentence by sentence, and silence is told at its end', () => {
    const { voice, spoken, end } = slowVoice();
    const { told, shown, silences } = recital(voice);
    told.say(said());
    for (let time = 0; time < 3; time++) end('done');
    expect(spoken.filter((words) => words !== '(stop)')).toEqual(sentencesOf(text));
    expect(shown.at(-1)).toBeUndefined();
    expect(silences()).toBe(1);
  });

  it('stops at once, and nothing of it comes later', () => {
    const { voice, spoken, end } = slowVoice();
    const { told, silences } = recital(voice);
    told.say(said());
    told.stop();
    end('done');
    expect(spoken).toEqual(['(stop)', 'Paga un avviso.', '(stop)']);
    expect(silences()).toBe(0);
  });

  it('is broken into by news, and goes on with the sentence that was broken', () => {
    const { voice, spoken, end } = slowVoice();
    const { told } = recital(voice);
    told.say(said());
    end('done');
    told.interject(said({ text: 'La carta è letta.' }));
    for (let time = 0; time < 3; time++) end('done');
    const [first, second, third] = sentencesOf(text);
    expect(spoken.filter((words) => words !== '(stop)')).toEqual([
      ...[first, second, 'La carta è letta.', second, third],
    ]);
  });

  it('goes on at the pace of a reader where no voice speaks', async () => {
    const { told, shown, clock, silences } = recital(noVoice);
    told.say(said({ speed: 2 }));
    for (let time = 0; time < 3; time++) {
      await soon();
      clock.advance(60_000);
    }
    expect(shown.filter(Boolean)).toEqual(sentencesOf(text));
    expect(silences()).toBe(1);
  });
});

describe('the first voice that can', () => {
  it('speaks; what it cannot say goes to the next', async () => {
    const [one, other] = [slowVoice(), slowVoice()];
    const ends: SpokenEnd[] = [];
    const voice = firstThatSpeaks([one.voice, other.voice]);
    voice.say(said(), { onEnd: (how) => ends.push(how) });
    one.end('none');
    expect(other.spoken.at(-1)).toBe(text);
    other.end('done');
    expect(ends).toEqual(['done']);
    const nobody: SpokenEnd[] = [];
    firstThatSpeaks([noVoice]).say(said(), { onEnd: (how) => nobody.push(how) });
    await soon();
    expect(nobody).toEqual(['none']);
  });

  it('when it was stopped meanwhile, the next stays silent', () => {
    const [one, other] = [slowVoice(), slowVoice()];
    const voice = firstThatSpeaks([one.voice, other.voice]);
    voice.say(said());
    voice.stop();
    one.end('none');
    expect(other.spoken).not.toContain(text);
  });
});

describe('the terminal’s voice', () => {
  function bench({ up = true } = {}) {
    const clock = new ManualClock();
    const frames: unknown[] = [];
    const ends: string[] = [];
    const voice = terminalVoice(
      (frame) => {
        frames.push(frame);
        return up;
      },
      noMixer,
      clock,
    );
    const say = (more: Partial<Utterance> = {}) =>
      voice.say(said(more), { onStart: () => ends.push('start'), onEnd: (how) => ends.push(how) });
    return { clock, frames, ends, voice, say };
  }
  const second = btoa(String.fromCharCode(...new Uint8Array(2 * 1000)));

  it('is asked over the channel, starts with the first piece and ends when the last has sounded', () => {
    const { clock, frames, ends, voice, say } = bench();
    say({ text: 'Ciao', private: true });
    expect(frames).toEqual([{ type: 'say', id: 1, text: 'Ciao', language: 'it', speed: 1, private: true }]);
    voice.hear({ type: 'voice', id: 1, hz: 1000, samples: second });
    voice.hear({ type: 'voice', id: 1, hz: 1000, samples: second });
    voice.hear({ type: 'voice-end', id: 1, failed: false });
    expect(ends).toEqual(['start']);
    clock.advance(1999);
    expect(ends).toEqual(['start']);
    clock.advance(100);
    expect(ends).toEqual(['start', 'done']);
  });

  it('leaves aside what belongs to something that is no longer said', () => {
    const { frames, ends, voice, say } = bench();
    say();
    say();
    voice.hear({ type: 'voice', id: 1, hz: 1000, samples: second });
    expect(ends).toEqual(['interrupted']);
    voice.stop();
    expect(frames.at(-1)).toEqual({ type: 'hush' });
    expect(ends).toEqual(['interrupted', 'interrupted']);
  });

  it('cannot when the terminal says so, says nothing for long, or is not there', async () => {
    const { clock, ends, voice, say } = bench();
    say();
    voice.hear({ type: 'voice-end', id: 1, failed: true });
    say();
    clock.advance(4000);
    expect(ends).toEqual(['none', 'none']);
    const down = bench({ up: false });
    down.say();
    await soon();
    expect(down.ends).toEqual(['none']);
  });

  it('reads samples as they are', () => {
    expect([...samplesOf(btoa('\u0000\u0080\u00ff\u007f\u0000\u0000'))]).toEqual([-1, 32_767 / 32_768, 0]);
  });
});
