import type { Intent, SecretKey, Snapshot } from '@jolly/contracts/terminal-channel';
import { systemClock, systemRandom } from '@jolly/contracts/values';
import { LoopbackChannel, type ScreenSource } from '@jolly/kiosk-runtime/channel';

/** What a screen sent up since it was last asked. */
export interface Sent {
  readonly intents: readonly Intent[];
  readonly secrets: readonly SecretKey[];
}

/**
 * A terminal that shows what it is told to: the real channel, with a snapshot of the walk in place of a session. It hears
 * everything and does nothing, so that a page stays while each of its controls is tried.
 */
export class Puppet implements ScreenSource {
  readonly #channel: LoopbackChannel;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #snapshot: Snapshot;
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
