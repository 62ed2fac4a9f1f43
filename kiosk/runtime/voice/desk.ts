import type { UpFrame } from '@jolly/contracts/terminal-channel';
import { type Clock, isJollyError, sleep } from '@jolly/contracts/values';
import { type Samples, type SpeechEngine, speechError } from './port.ts';
import { spoken } from './spoken.ts';

export type SayFrame = Extract<UpFrame, { type: 'say' }>;

/** Speech that a screen has and not yet played: enough for a page that is busy, little enough to be stopped. */
const AHEAD_MS = 1500;

export interface VoiceDeskSettings {
  readonly engine: SpeechEngine;
  readonly clock: Clock;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/**
 * The terminal's voice. Makes words of what is written, gives it to the engine, and lets the samples go at the pace of an ear.
 * The last guard of what is private: without a headset it is refused here, whatever the screen thought, and a headset that is
 * pulled out ends everything that is being spoken.
 */
export class VoiceDesk {
  readonly #settings: VoiceDeskSettings;
  readonly #running = new Set<AbortController>();
  readonly #counters = { spoken: 0, failed: 0, refused: 0 };
  #works = false;
  #headset = false;

  constructor(settings: VoiceDeskSettings) {
    this.#settings = settings;
  }

  /** Asks the engine once whether it can speak here; told in the log when it cannot. */
  async open(): Promise<boolean> {
    const { engine, log } = this.#settings;
    this.#works = await engine.works();
    log('speech', { engine: engine.name, works: this.#works });
    return this.#works;
  }

  get works(): boolean {
    return this.#works;
  }

  get counters(): { readonly spoken: number; readonly failed: number; readonly refused: number } {
    return { ...this.#counters };
  }

  headset(plugged: boolean): void {
    this.#headset = plugged;
    if (!plugged) for (const each of this.#running) each.abort();
  }

  /** Rejects with `SPEECH_PRIVATE` or `SPEECH_FAILED`; ends without an error when `signal` is aborted. */
  async *speak(said: SayFrame, signal: AbortSignal): AsyncGenerator<Samples> {
    const { engine, clock, log } = this.#settings;
    if (said.private && !this.#headset) {
      this.#counters.refused += 1;
      throw speechError('SPEECH_PRIVATE');
    }
    if (!this.#works) throw speechError('SPEECH_FAILED', { why: 'no engine' });
    const unplugged = new AbortController();
    this.#running.add(unplugged);
    const { language, speed } = said;
    const utterance = { text: spoken(said.text, language), language, speed };
    const begun = clock.monotonic();
    let givenMs = 0;
    try {
      for await (const piece of engine.speak(utterance, AbortSignal.any([signal, unplugged.signal]))) {
        const early = givenMs - (clock.monotonic() - begun) - AHEAD_MS;
        if (early > 0) await sleep(clock, early);
        if (signal.aborted) return;
        if (unplugged.signal.aborted) break;
        givenMs += (piece.samples.length / 2 / piece.hz) * 1000;
        yield piece;
      }
      if (unplugged.signal.aborted && !signal.aborted) throw speechError('SPEECH_PRIVATE');
      this.#counters.spoken += 1;
    } catch (error) {
      this.#counters.failed += 1;
      log('speech-failed', { why: isJollyError(error) ? String(error.detail.why ?? error.code) : 'unknown' });
      throw error;
    } finally {
      this.#running.delete(unplugged);
    }
  }
}
