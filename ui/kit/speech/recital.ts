import type { Clock } from '@jolly/contracts/values';
import { sentencesOf, staysMs } from './pieces.ts';
import type { Utterance, Voice } from './voice.ts';

export interface RecitalEvents {
  /** A sentence begins; undefined: nothing is being said any more. */
  readonly onSentence: (sentence: string | undefined) => void;
  /** Everything was said, and nobody interrupted. */
  readonly onSilence: () => void;
}

/**
 * Says a text sentence by sentence, each as long as the voice takes for it, or, where none speaks, as long as a reader does. So
 * the first sound comes soon, and what is highlighted is what is heard.
 */
export class Recital {
  readonly #voice: () => Voice;
  readonly #clock: Clock;
  readonly #events: RecitalEvents;
  #turn = 0;
  #cancel: () => void = () => undefined;
  /** What is being said and what is still to come. */
  #pending: readonly string[] = [];

  constructor(voice: () => Voice, clock: Clock, events: RecitalEvents) {
    this.#voice = voice;
    this.#clock = clock;
    this.#events = events;
  }

  say(said: Utterance): void {
    this.stop();
    const turn = this.#turn;
    this.#next(turn, sentencesOf(said.text), said);
  }

  /** Says it now, and then goes on with the sentence that it broke into. */
  interject(said: Utterance): void {
    const rest = this.#pending;
    this.stop();
    this.#next(this.#turn, [...sentencesOf(said.text), ...rest], said);
  }

  /** At once. */
  stop(): void {
    this.#turn += 1;
    this.#pending = [];
    this.#cancel();
    this.#cancel = () => undefined;
    this.#voice().stop();
    this.#events.onSentence(undefined);
  }

  #next(turn: number, sentences: readonly string[], said: Utterance): void {
    if (turn !== this.#turn) return;
    this.#pending = sentences;
    const [text, ...rest] = sentences;
    if (text === undefined) {
      this.#events.onSentence(undefined);
      this.#events.onSilence();
      return;
    }
    this.#events.onSentence(text);
    const onwards = () => this.#next(turn, rest, said);
    this.#voice().say(
      { ...said, text },
      {
        onEnd: (end) => {
          if (turn !== this.#turn || end === 'interrupted') return;
          if (end === 'done') onwards();
          else this.#cancel = this.#clock.after(staysMs(text) / said.speed, onwards);
        },
      },
    );
  }
}
