import type { Clock } from '@jolly/contracts/values';
import type { Display } from '@jolly/drivers/display';
import { type DisplayHours, litByHours } from './hours.ts';

/** Everything the screen's power hangs on. */
export interface DisplayFacts {
  readonly hours: DisplayHours | undefined;
  readonly timeZone: string;
  readonly now: number;
  /** Somebody is served. */
  readonly inSession: boolean;
  /** Somebody stands there; false where no sensor says so. */
  readonly near: boolean;
  /** Instant of the last touch, scan or card. */
  readonly lastSign: number;
  /** How long the screen stays lit after it, outside the hours. */
  readonly lingerMs: number;
}

/** Never dark while somebody is there or was just there; else the hours decide. */
export const wantedPower = (facts: DisplayFacts): 'on' | 'off' =>
  facts.inSession ||
  facts.near ||
  facts.now - facts.lastSign < facts.lingerMs ||
  litByHours(facts.hours, facts.now, facts.timeZone)
    ? 'on'
    : 'off';

const LOOK_MS = 20_000;

export interface DisplayKeeperOptions {
  readonly display: Pick<Display, 'power' | 'turn'>;
  readonly clock: Clock;
  readonly hours: DisplayHours | undefined;
  readonly timeZone: string;
  readonly lingerMs: number;
  readonly inSession: () => boolean;
  readonly near: () => boolean;
}

/** Keeps the screen as it is wanted. A screen that refused is told again at the next look. */
export class DisplayKeeper {
  readonly #options: DisplayKeeperOptions;
  #lastSign: number;
  #told: 'on' | 'off' | undefined;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(options: DisplayKeeperOptions) {
    this.#options = options;
    // a start is a sign: whoever starts it looks at it
    this.#lastSign = options.clock.now();
    this.#next();
  }

  /** A touch, a code, a card: somebody is there. */
  sign(): void {
    this.#lastSign = this.#options.clock.now();
    this.look();
  }

  look(): void {
    if (this.#stopped) return;
    const { display, clock, hours, timeZone, lingerMs, inSession, near } = this.#options;
    const wanted = wantedPower({
      ...{ hours, timeZone, lingerMs, now: clock.now(), lastSign: this.#lastSign },
      inSession: inSession(),
      near: near(),
    });
    if (this.#told === wanted && display.power === wanted) return;
    // told and not done yet: a second word would only queue behind the first
    if (this.#told === wanted && display.power !== 'unknown') return;
    this.#told = wanted;
    void display.turn(wanted);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #next(): void {
    this.look();
    this.#cancel = this.#options.clock.after(LOOK_MS, () => this.#next());
  }
}
