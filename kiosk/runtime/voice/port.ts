import type { Language, SpeechSpeed } from '@jolly/contracts/terminal-channel';
import { errorsOf } from '@jolly/contracts/values';

export interface Utterance {
  /** As it is to be spoken: numbers, dates and codes are words already (`spoken`). */
  readonly text: string;
  readonly language: Language;
  readonly speed: SpeechSpeed;
}

/** A piece of speech: signed 16-bit little-endian samples of one channel. */
export interface Samples {
  readonly hz: number;
  readonly samples: Uint8Array;
}

/**
 * What turns words into sound. One process, library or service behind it: espeak-ng is one; a neural engine is another
 * (docs/speech.md, "Another engine").
 */
export interface SpeechEngine {
  readonly name: string;
  /** Whether it can speak on this machine; asked once, at the start. Never rejects. */
  works(): Promise<boolean>;
  /**
   * Pieces as the engine makes them, the first as soon as there is one. Whoever iterates slowly slows the engine. When `signal`
   * is aborted the iteration ends at once, without an error, and the engine has stopped. Rejects with `SPEECH_FAILED`.
   */
  speak(utterance: Utterance, signal: AbortSignal): AsyncIterable<Samples>;
}

export const speechError = errorsOf({
  SPEECH_FAILED: {
    cause: 'the speech engine gave no sound for this text',
    retry: 'later',
    cure: 'run `echo prova | espeak-ng -v it` on the terminal; reinstall the package espeak-ng if it is silent',
  },
  SPEECH_PRIVATE: {
    cause: 'something private was to be spoken while no headset was plugged in',
    retry: 'no',
  },
});

/** No engine on this terminal, by choice or for want of one. */
export const noEngine: SpeechEngine = {
  name: 'none',
  works: () => Promise.resolve(false),
  // biome-ignore lint/correctness/useYield: it never has a piece to give
  async *speak() {
    throw speechError('SPEECH_FAILED', { why: 'no engine' });
  },
};
