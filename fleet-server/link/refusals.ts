import type { FastifyBaseLogger } from 'fastify';

/** Everything the link refuses, drops or slows down, by the word it is counted under. */
export const REFUSALS = [
  'too-many-connections',
  'connect-flood',
  'connect-refused',
  'credentials-refused',
  'gate-failed',
  'not-admitted',
  'not-welcomed',
  'protocol-error',
  'forged-topic',
  'forged-subscription',
  'quality-of-service',
  'retained',
  'oversized',
  'slowed',
  'slow-reader',
  'unreadable',
  'malformed',
  'entry-refused',
  'too-old',
  'expired',
  'overflow',
  'commit-failed',
  'broker-away',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Who did it, where that is known: a user name at the broker, or an address. */
const MOST_REMEMBERED = 20_000;

/** Counts every refusal and logs each once a terminal and reason, so that a broken terminal fills no disk. */
export class Refusals {
  readonly #log: Pick<FastifyBaseLogger, 'warn'>;
  readonly #counts = new Map<Refusal, number>(REFUSALS.map((reason) => [reason, 0]));
  readonly #logged = new Set<string>();

  constructor(log: Pick<FastifyBaseLogger, 'warn'>) {
    this.#log = log;
  }

  count(reason: Refusal, who: string, detail: Readonly<Record<string, unknown>> = {}, times = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + times);
    const key = `${reason} ${who}`;
    if (this.#logged.has(key)) return;
    // bounded: who invents names is logged again rather than remembered for ever
    if (this.#logged.size >= MOST_REMEMBERED) this.#logged.clear();
    this.#logged.add(key);
    this.#log.warn({ reason, who, ...detail }, 'fleet link: refused; told once');
  }

  counts(): Readonly<Record<Refusal, number>> {
    return Object.fromEntries(this.#counts) as Record<Refusal, number>;
  }
}
