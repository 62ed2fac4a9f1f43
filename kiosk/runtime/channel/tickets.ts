import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock, RandomBytes } from '@jolly/contracts/values';

/** A ticket nobody used dies after this. */
const TICKET_LIFE_MS = 10 * 60_000;
/** Screens joined at once at most; the oldest pass makes room. */
const MAX_PASSES = 16;

const text = (random: RandomBytes): string => Buffer.from(random(32)).toString('base64url');
const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const sameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(digest(one), digest(other));

/** Where digests of passes outlive the runtime. Never throws. */
export interface KeptPasses {
  read(): readonly string[];
  write(digests: readonly string[]): void;
}

/**
 * Tickets are in the printed address and open once; a pass is what they are exchanged for and lives in a cookie, so that a reload
 * works. Only digests are kept; where there is a place for them they outlive the runtime, so that a screen comes back by itself
 * after a restart.
 */
export class Tickets {
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #tickets = new Map<string, number>();
  readonly #kept: KeptPasses | undefined;
  readonly #passes = new Set<string>();

  constructor(clock: Clock, random: RandomBytes, kept?: KeptPasses) {
    this.#clock = clock;
    this.#random = random;
    this.#kept = kept;
    for (const pass of kept?.read() ?? []) this.#passes.add(pass);
  }

  mint(): string {
    const ticket = text(this.#random);
    this.#tickets.set(digest(ticket).toString('hex'), this.#clock.now() + TICKET_LIFE_MS);
    return ticket;
  }

  /** The pass for a ticket; undefined when it was used, is too old or never was. */
  exchange(ticket: string): string | undefined {
    const key = digest(ticket).toString('hex');
    const until = this.#tickets.get(key);
    this.#tickets.delete(key);
    for (const [other, otherUntil] of this.#tickets) {
      if (otherUntil < this.#clock.now()) this.#tickets.delete(other);
    }
    if (until === undefined || until < this.#clock.now()) return undefined;
    const pass = text(this.#random);
    this.#passes.add(digest(pass).toString('hex'));
    for (const oldest of this.#passes) {
      if (this.#passes.size <= MAX_PASSES) break;
      this.#passes.delete(oldest);
    }
    this.#kept?.write([...this.#passes]);
    return pass;
  }

  holds(pass: string | undefined): boolean {
    return pass !== undefined && this.#passes.has(digest(pass).toString('hex'));
  }
}
