import type { Language, SpeechSpeed } from '@jolly/contracts/terminal-channel';

export interface Utterance {
  readonly text: string;
  readonly language: Language;
  readonly speed: SpeechSpeed;
  /** Names and amounts are in it: into a headset or not at all. */
  readonly private: boolean;
}

/** What becomes of an utterance: `none` when this voice cannot say it at all. */
export type SpokenEnd = 'done' | 'interrupted' | 'none';

export interface VoiceEvents {
  /** The first sound is on its way to the ear. */
  readonly onStart?: () => void;
  readonly onEnd?: (end: SpokenEnd) => void;
}

/** What speaks: the terminal's engine, the browser's own voices, or nothing. */
export interface Voice {
  /** What it says goes where the headset is: only then anything private may be given to it. */
  readonly discreet: boolean;
  /** Says it now, in place of what it is saying. `onEnd` comes once for each utterance, never before `say` has returned. */
  say(utterance: Utterance, events?: VoiceEvents): void;
  stop(): void;
}

export const noVoice: Voice = {
  discreet: false,
  say: (_, events) => queueMicrotask(() => events?.onEnd?.('none')),
  stop: () => undefined,
};

/** What of the browser's speech is used. */
export interface Synthesis {
  getVoices(): readonly SpeechSynthesisVoice[];
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
}

/** Not faults: something newer is said, or nothing may sound before the first touch. */
const EXPECTED = new Set(['interrupted', 'canceled', 'not-allowed']);

/**
 * The browser's own voices, those of this computer only: a voice of the network would send the screen's words to its
 * maker. Nobody knows which output they take, so nothing private is given to them. `onFault` gets the browser's code,
 * never the text.
 */
export function browserVoice(
  synthesis: Synthesis,
  utter: (text: string) => SpeechSynthesisUtterance,
  onFault: (fault: string) => void,
): Voice {
  let end: ((how: SpokenEnd) => void) | undefined;
  const stop = () => {
    synthesis.cancel();
    const before = end;
    end = undefined;
    before?.('interrupted');
  };
  return {
    discreet: false,
    say: ({ text, language, speed, private: secret }, events) => {
      stop();
      const voice = synthesis
        .getVoices()
        .find(({ lang, localService }) => localService && lang.toLowerCase().split(/[-_]/)[0] === language);
      if (!voice || secret) {
        queueMicrotask(() => events?.onEnd?.('none'));
        return;
      }
      const utterance = utter(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = speed;
      // one that is interrupted is told at once, by `stop`
      const current = (how: SpokenEnd) => events?.onEnd?.(how);
      end = current;
      const ended = (how: SpokenEnd) => {
        if (end !== current) return;
        end = undefined;
        events?.onEnd?.(how);
      };
      utterance.onstart = () => events?.onStart?.();
      utterance.onend = () => ended('done');
      utterance.onerror = ({ error }) => {
        if (!EXPECTED.has(error)) onFault(`no speech: ${error}`);
        ended(error === 'interrupted' || error === 'canceled' ? 'interrupted' : 'none');
      };
      synthesis.speak(utterance);
    },
    stop,
  };
}

/** The voice of a window; none where the browser has no speech at all. */
export function voiceOf(window: Window & typeof globalThis, onFault: (fault: string) => void): Voice {
  if (!('speechSynthesis' in window)) return noVoice;
  return browserVoice(window.speechSynthesis, (text) => new window.SpeechSynthesisUtterance(text), onFault);
}

/** The first of several that can: what one cannot say is given to the next. */
export function firstThatSpeaks(voices: readonly Voice[]): Voice {
  let turn = 0;
  const stop = () => {
    turn += 1;
    for (const voice of voices) voice.stop();
  };
  return {
    discreet: voices.some((voice) => voice.discreet),
    say: (utterance, events) => {
      stop();
      const mine = turn;
      const sayWith = (at: number): void => {
        const voice = voices[at];
        if (!voice) {
          events?.onEnd?.('none');
          return;
        }
        voice.say(utterance, {
          ...events,
          onEnd: (end) => {
            if (end === 'none' && mine === turn) sayWith(at + 1);
            else events?.onEnd?.(mine === turn ? end : 'interrupted');
          },
        });
      };
      if (voices.length === 0) queueMicrotask(() => events?.onEnd?.('none'));
      else sayWith(0);
    },
    stop,
  };
}
