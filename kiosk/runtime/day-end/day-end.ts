import type { Clock } from '@jolly/contracts/values';
import type { DayClose, PaymentDesk } from '../payments/index.ts';

const DAY_MS = 86_400_000;
const LOOK_MS = 30_000;
/** Days that are still closed afterwards when the terminal was off. */
const MAKE_UP_DAYS = 7;
/** So long after the hour the POS is asked again when it gives no figures; then the day goes without them. */
const INSIST_MS = 6 * 3_600_000;

export interface DayEndOptions {
  readonly clock: Clock;
  readonly timeZone: string;
  /** `HH:MM` in the place's zone, after midnight: from then on yesterday is closed. */
  readonly hour: string;
  readonly desk: Pick<PaymentDesk, 'closeDay'>;
  /** Nobody is in front of the terminal and the POS is free. */
  readonly idle: () => boolean;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/**
 * Closes the days that are over. A day ends at midnight of the place's zone, so that every charge of it is in its figures;
 * it is closed at the first free moment after the configured hour, also after a night in which the terminal was off. Only
 * yesterday is closed at the POS: its totals run from close to close, and those of an older day are gone.
 */
export class DayEnd {
  readonly #options: DayEndOptions;
  readonly #format: Intl.DateTimeFormat;
  #cancel: () => void = () => undefined;
  #working = false;
  #stopped = false;

  constructor(options: DayEndOptions) {
    this.#options = options;
    this.#format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: options.timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    this.#next();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** The technician closes the day before its end (the terminal is taken away, the roll is changed for the books). */
  async closeToday(): Promise<{ readonly day: string; readonly result: DayClose | 'busy' }> {
    const { clock, desk, idle, log } = this.#options;
    const { day } = this.#parts(clock.now());
    if (!idle() || this.#working) return { day, result: 'busy' };
    const result = await desk.closeDay(day, { askPos: true, insist: false });
    log('day-end', { day, result });
    return { day, result };
  }

  #next(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(LOOK_MS, () => {
      void this.#look().finally(() => this.#next());
    });
  }

  /** Day and hour of the place's zone. */
  #parts(at: number): { readonly day: string; readonly hour: string } {
    const [day = '', hour = ''] = this.#format.format(at).split(' ');
    return { day, hour };
  }

  async #look(): Promise<void> {
    const { clock, desk, hour, idle, log } = this.#options;
    const now = clock.now();
    if (this.#working || !idle() || this.#parts(now).hour < hour) return;
    this.#working = true;
    const insist = this.#parts(now - INSIST_MS).day === this.#parts(now).day;
    try {
      for (let back = MAKE_UP_DAYS; back >= 1; back--) {
        const { day } = this.#parts(now - back * DAY_MS);
        const result = await desk.closeDay(day, { askPos: back === 1, insist: insist || back > 1 });
        if (result !== 'nothing-to-do') log('day-end', { day, result });
      }
    } catch (error) {
      log('day-end-failed', { why: error instanceof Error ? error.name : 'unknown' });
    } finally {
      this.#working = false;
    }
  }
}
