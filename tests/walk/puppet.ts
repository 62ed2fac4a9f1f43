import type { Intent, PadKey, SecretKey, Snapshot, UpFrame } from '@jolly/contracts/terminal-channel';
import { systemClock, systemRandom } from '@jolly/contracts/values';
import { LoopbackChannel, type ScreenSource } from '@jolly/kiosk-runtime/channel';

/** What a screen sent up since it was last asked. */
export interface Sent {
  readonly intents: readonly Intent[];
  readonly secrets: readonly SecretKey[];
}

export type Say = Extract<UpFrame, { type: 'say' }>;

/**
 * A terminal that shows what it is told to: the real channel, with a snapshot of the walk in place of a session. It hears
 * everything and does nothing, so that a page stays while each of its controls is tried. Its voice says each sentence at once and
 * keeps what it said; its keypad has the keys that the walk presses.
 */
export class Puppet implements ScreenSource {
  readonly #channel: LoopbackChannel;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #snapshot: Snapshot;
  readonly #keypad = new Set<(key: PadKey) => void>();
  #said: Say[] = [];
  #intents: Intent[] = [];
  #secrets: SecretKey[] = [];
  #seq = 0;

  constructor(screenDir: string, first: Snapshot) {
    this.#snapshot = first;
    this.#channel = new LoopbackChannel({
      port: 0,
      screenDir,
      source: this,
      secrets: { key: (frame) => this.#secrets.push(frame) },
      aids: {
        // biome-ignore lint/correctness/useYield: nobody listens to the sound, only to the words
        speak: async function* (this: Puppet, said: Say) {
          this.#said.push(said);
        }.bind(this),
        onKey: (listener) => {
          this.#keypad.add(listener);
          return () => this.#keypad.delete(listener);
        },
      },
      clock: systemClock,
      random: systemRandom,
      controlToken: 'walk',
      control: {},
      log: () => undefined,
    });
  }

  async listen(): Promise<string> {
    await this.#channel.listen();
    return this.#channel.mint();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  /** Shows a page; every showing is a change, so that the screen tells it anew. Gives its number. */
  show(snapshot: Snapshot): number {
    this.#seq += 1;
    this.#snapshot = { ...snapshot, seq: this.#seq, at: systemClock.now() };
    for (const listener of this.#listeners) listener(this.#snapshot);
    return this.#seq;
  }

  /** A key of the tactile keypad. */
  press(key: PadKey): void {
    for (const listener of this.#keypad) listener(key);
  }

  /** Sentences that the terminal's voice was given since `forget`. */
  get said(): readonly Say[] {
    return this.#said;
  }

  forget(): void {
    this.#said = [];
  }

  take(): Sent {
    // presence is no act
    const sent = { intents: this.#intents.filter(({ type }) => type !== 'touched'), secrets: this.#secrets };
    this.#intents = [];
    this.#secrets = [];
    return sent;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  intent(intent: Intent): void {
    this.#intents.push(intent);
  }
}
