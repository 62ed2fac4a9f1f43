import { type LinkAddress, linkUser } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { Signals } from '../store/index.ts';
import type { Admits } from './port.ts';

const HOLDS_MS = 30_000;
/** On it the replicas tell each other whom to ask for anew. */
const CHANNEL = 'link-shut';

/** Remembers for half a minute who may be heard: asked once a commit, not once a message. A revocation ends that at every replica. */
export class Admission {
  readonly #admits: Admits;
  readonly #clock: Clock;
  readonly #signals: Signals;
  readonly #known = new Map<string, { readonly admits: boolean; readonly until: number }>();
  readonly #deaf: () => void;
  #forgotten = 0;

  constructor(admits: Admits, clock: Clock, signals: Signals) {
    this.#admits = admits;
    this.#clock = clock;
    this.#signals = signals;
    this.#deaf = signals.hear(CHANNEL, {
      told: (who) => this.#forget(who),
      missed: () => {
        this.#forgotten += 1;
        this.#known.clear();
      },
    });
  }

  async admits(from: LinkAddress): Promise<boolean> {
    const who = linkUser(from);
    const known = this.#known.get(who);
    if (known && known.until > this.#clock.monotonic()) return known.admits;
    const before = this.#forgotten;
    const admits = await this.#admits(from);
    // read before somebody was shut out: the answer may be the old one
    if (this.#forgotten !== before) return this.admits(from);
    this.#known.set(who, { admits, until: this.#clock.monotonic() + HOLDS_MS });
    return admits;
  }

  forget(from: LinkAddress): void {
    this.#forget(linkUser(from));
  }

  /** Here at once, at the other replicas as soon as they hear of it. */
  forgetEverywhere(from: LinkAddress): void {
    this.forget(from);
    this.#signals.tell(CHANNEL, linkUser(from));
  }

  tidy(): void {
    const now = this.#clock.monotonic();
    for (const [who, { until }] of this.#known) if (until <= now) this.#known.delete(who);
  }

  close(): void {
    this.#deaf();
  }

  #forget(who: string): void {
    this.#forgotten += 1;
    this.#known.delete(who);
  }
}
