import type { DownFrame, UpFrame } from '@jolly/contracts/terminal-channel';
import type { ScreenAids } from './port.ts';

type Say = Extract<UpFrame, { type: 'say' }>;

/**
 * Speaks for one screen: one thing at a time, what is new in place of what is old. The next piece is sent when the wire has taken
 * the one before. `voice-end` comes for what was spoken to its end or could not be; what was interrupted has none.
 */
export class Speaker {
  readonly #aids: ScreenAids;
  readonly #send: (frame: DownFrame, sent: () => void) => void;
  readonly #tally: { voices: number; voicesFailed: number };
  #present: AbortController | undefined;

  constructor(
    aids: ScreenAids,
    send: (frame: DownFrame, sent: () => void) => void,
    tally: { voices: number; voicesFailed: number },
  ) {
    this.#aids = aids;
    this.#send = send;
    this.#tally = tally;
  }

  say(frame: Say): void {
    this.hush();
    const present = new AbortController();
    this.#present = present;
    this.#tally.voices += 1;
    void this.#speak(frame, present.signal);
  }

  hush(): void {
    this.#present?.abort();
    this.#present = undefined;
  }

  async #speak(frame: Say, signal: AbortSignal): Promise<void> {
    const { id } = frame;
    let failed = false;
    try {
      for await (const { hz, samples } of this.#aids.speak(frame, signal)) {
        if (signal.aborted) return;
        const piece = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
        await this.#sent({ type: 'voice', id, hz, samples: piece.toString('base64') }, signal);
      }
    } catch {
      // told where it happened; the screen only needs to know that it must speak by itself
      failed = true;
    }
    if (signal.aborted) return;
    if (failed) this.#tally.voicesFailed += 1;
    this.#send({ type: 'voice-end', id, failed }, () => undefined);
  }

  /** A wire that broke never takes it: the interruption ends the wait. */
  #sent(frame: DownFrame, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#send(frame, done);
    });
  }
}
