import type { Clock } from '@jolly/contracts/values';
import type { PowerSupply } from '@jolly/drivers/ups';
import { failing, ON_MAINS, type PowerEvent, type PowerState, powerStep } from './policy.ts';

export interface PowerKeeperOptions {
  readonly ups: Pick<PowerSupply, 'reading' | 'onPower'>;
  readonly clock: Clock;
  /** A charge, its receipt or its return is under way. */
  readonly busy: () => boolean;
  /** How long a running charge is waited for on a low battery. */
  readonly patienceMs: number;
  /** A UPS that was last heard on battery counts as low after so long a silence. */
  readonly silenceMs: number;
  /** Called once. The journal is on the disk at every step: nothing is left to be written for it. */
  readonly shutDown: () => void;
  /** `failing` has changed. */
  readonly changed: () => void;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** Runs the power's policy on a real UPS. */
export class PowerKeeper {
  readonly #options: PowerKeeperOptions;
  readonly #undo: () => void;
  #state: PowerState = ON_MAINS;
  #cancelPatience: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;
  #stopped = false;

  constructor(options: PowerKeeperOptions) {
    this.#options = options;
    this.#undo = options.ups.onPower(() => this.#heard());
    this.#heard();
  }

  /** Nothing new may begin. */
  get failing(): boolean {
    return failing(this.#state);
  }

  /** To be called whenever `busy` may have changed. */
  look(): void {
    const busy = this.#options.busy();
    if (busy !== this.#state.busy) this.#take({ type: 'busy', busy });
  }

  stop(): void {
    this.#stopped = true;
    this.#undo();
    this.#cancelPatience();
    this.#cancelSilence();
  }

  #heard(): void {
    // what runs is asked for first: a word of the battery must not find an old answer
    this.look();
    this.#take({ type: 'power', power: this.#options.ups.reading.power });
  }

  #take(event: PowerEvent): void {
    if (this.#stopped) return;
    const { clock, patienceMs, silenceMs, log, changed, shutDown } = this.#options;
    const before = this.#state;
    const { state, effects } = powerStep(before, event);
    this.#state = state;
    if (state.phase !== before.phase) log('power-phase', { phase: state.phase, busy: state.busy });
    if (failing(state) !== failing(before)) changed();
    for (const effect of effects) {
      switch (effect) {
        case 'start-patience':
          this.#cancelPatience();
          this.#cancelPatience = clock.after(patienceMs, () => this.#take({ type: 'patience-over' }));
          break;
        case 'stop-patience':
          this.#cancelPatience();
          break;
        case 'start-silence':
          this.#cancelSilence();
          this.#cancelSilence = clock.after(silenceMs, () => {
            log('power-silent', { seconds: Math.round(silenceMs / 1000) });
            this.#take({ type: 'silence-over' });
          });
          break;
        case 'stop-silence':
          this.#cancelSilence();
          break;
        case 'shut-down':
          shutDown();
      }
    }
  }
}
