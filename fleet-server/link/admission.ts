import { type LinkAddress, linkUser } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { Admits } from './port.ts';

const HOLDS_MS = 30_000;

/** Remembers for half a minute who may be heard: asked once a commit, not once a message. */
export class Admission {
  readonly #admits: Admits;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly admits: boolean; readonly until: number }>();

  constructor(admits: Admits, clock: Clock) {
    this.#admits = admits;
    this.#clock = clock;
  }

  async admits(from: LinkAddress): Promise<boolean> {
    const who = linkUser(from);
    const known = this.#known.get(who);
    if (known && known.until > this.#clock.monotonic()) return known.admits;
    const admits = await this.#admits(from);
    this.#known.set(who, { admits, until: this.#clock.monotonic() + HOLDS_MS });
    return admits;
  }

  forget(from: LinkAddress): void {
    this.#known.delete(linkUser(from));
  }

  tidy(): void {
    const now = this.#clock.monotonic();
    for (const [who, { until }] of this.#known) if (until <= now) this.#known.delete(who);
  }
}
