import type { Language } from '@jolly/contracts/terminal-channel';

/** What speaks. The speech engine of the terminal comes behind the same port. */
export interface Voice {
  /** Says it now, in place of what it is saying. Without a voice for the language nothing sounds. */
  say(text: string, language: Language): void;
  stop(): void;
}

export const noVoice: Voice = { say: () => undefined, stop: () => undefined };

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
 * maker. `onFault` gets the browser's code, never the text.
 */
export function browserVoice(
  synthesis: Synthesis,
  utter: (text: string) => SpeechSynthesisUtterance,
  onFault: (fault: string) => void,
): Voice {
  return {
    say: (text, language) => {
      synthesis.cancel();
      const voice = synthesis
        .getVoices()
        .find(({ lang, localService }) => localService && lang.toLowerCase().split(/[-_]/)[0] === language);
      if (!voice) return;
      const utterance = utter(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.onerror = ({ error }) => {
        if (!EXPECTED.has(error)) onFault(`no speech: ${error}`);
      };
      synthesis.speak(utterance);
    },
    stop: () => synthesis.cancel(),
  };
}

/** The voice of a window; none where the browser has no speech at all. */
export function voiceOf(window: Window & typeof globalThis, onFault: (fault: string) => void): Voice {
  if (!('speechSynthesis' in window)) return noVoice;
  return browserVoice(window.speechSynthesis, (text) => new window.SpeechSynthesisUtterance(text), onFault);
}
