import { type LinkAddress, linkUser } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';

/** With a broker of another's: a terminal that said nothing for so long is asked, and has so long to answer (ms). */
const SILENT_MS = 300_000;
const ANSWER_MS = 60_000;
/** After a start, and when a terminal has just come to this server: so long nobody is called gone. */
const GRACE_MS = 75_000;

interface Heard {
  readonly address: LinkAddress;
  at: number;
  /** When it was asked whether it is there; 0: not since it was heard. */
  asked: number;
  /** Heard since the last `heardSince`. */
  fresh: boolean;
}

/** Who is thought to be there, and when each was heard last: for what no last will tells. */
export class Watch {
  readonly #clock: Clock;
  readonly #heard = new Map<string, Heard>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heard.size;
  }

  addresses(): LinkAddress[] {
    return [...this.#heard.values()].map(({ address }) => address);
  }

  /** It said something. */
  hear(address: LinkAddress): void {
    const known = this.#heard.get(linkUser(address));
    if (!known) return;
    known.at = this.#clock.monotonic();
    known.asked = 0;
    known.fresh = true;
  }

  /** It is there now; whoever is known already stays as it is. */
  add(address: LinkAddress): void {
    const who = linkUser(address);
    if (this.#heard.has(who)) return;
    this.#heard.set(who, { address, at: this.#clock.monotonic(), asked: 0, fresh: true });
  }

  remove(who: string): void {
    this.#heard.delete(who);
  }

  lastHeard(who: string): number | undefined {
    return this.#heard.get(who)?.at;
  }

  /** Who is gone and who is to be asked; `connected` is the broker's own knowledge, where it has any. */
  sweep(connected: (who: string) => boolean | undefined): {
    readonly gone: LinkAddress[];
    readonly ask: LinkAddress[];
  } {
    const now = this.#clock.monotonic();
    const gone: LinkAddress[] = [];
    const ask: LinkAddress[] = [];
    for (const [who, heard] of this.#heard) {
      const known = connected(who);
      if (known === true) continue;
      if (known === false) {
        if (now - heard.at >= GRACE_MS) gone.push(heard.address);
      } else if (heard.asked > 0) {
        if (now - heard.asked >= ANSWER_MS) gone.push(heard.address);
      } else if (now - heard.at >= SILENT_MS) {
        heard.asked = Math.max(1, now);
        ask.push(heard.address);
      }
    }
    return { gone, ask };
  }

  /** Who was heard since this was asked last. */
  heardSince(): LinkAddress[] {
    const addresses: LinkAddress[] = [];
    for (const heard of this.#heard.values()) {
      if (heard.fresh) addresses.push(heard.address);
      heard.fresh = false;
    }
    return addresses;
  }
}
