import type { Reported } from '@jolly/contracts/fleet-link';
import type { Snapshot } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import type { RuntimeConfig } from '../config/index.ts';
import type { ServiceModeStore } from '../service-mode/index.ts';
import type { ServiceView } from '../session/index.ts';
import { nextOpening } from '../twin/index.ts';

type News = Snapshot['place']['news'];
export type TerminalMode = Pick<Reported, 'mode' | 'message'>;

/** The screen's session, as far as it is told what holds. */
export interface OfferScreen {
  readonly inSession: boolean;
  configure(config: RuntimeConfig, news?: News): void;
  serve(service: ServiceView): void;
}

export interface OfferOptions {
  readonly screen: OfferScreen;
  readonly mode: ServiceModeStore;
  readonly clock: Clock;
  readonly config: RuntimeConfig;
}

/** How often the clock on the wall is looked at: hours and days begin and end on it. */
const LOOK_MS = 20_000;

/** Follows settings, order and clock, and tells the screen; never while somebody is there. */
export class Offer {
  readonly #options: OfferOptions;
  readonly #listeners = new Set<() => void>();
  #config: RuntimeConfig;
  #told = '';
  #view: ServiceView = { mode: 'in-service' };
  #cancel: () => void = () => undefined;
  #looking = false;

  constructor(options: OfferOptions) {
    this.#options = options;
    this.#config = options.config;
    this.look();
    this.#later();
  }

  /** As it is reported. */
  get mode(): TerminalMode {
    const { mode } = this.#view;
    const { message } = this.#options.mode.state;
    return { mode, ...(mode === 'out-of-service' && message !== undefined ? { message } : {}) };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  configure(config: RuntimeConfig): void {
    this.#config = config;
    this.look();
  }

  /** What holds now, if nobody is there; who is there finishes as they began. */
  look(): void {
    const { screen } = this.#options;
    if (this.#looking || screen.inSession) return;
    // what is told here changes the screen, and a screen that changed looks here again
    this.#looking = true;
    try {
      const news = this.#news();
      const told = JSON.stringify([this.#config, news]);
      if (told !== this.#told) {
        this.#told = told;
        screen.configure(this.#config, news);
      }
      const view = this.#viewNow();
      if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
      this.#view = view;
      screen.serve(view);
    } finally {
      this.#looking = false;
    }
    for (const listener of [...this.#listeners]) listener();
  }

  close(): void {
    this.#cancel();
    this.#listeners.clear();
  }

  #later(): void {
    this.#cancel = this.#options.clock.after(LOOK_MS, () => {
      this.look();
      this.#later();
    });
  }

  #viewNow(): ServiceView {
    const { mode, clock } = this.#options;
    const { openingHours, timeZone } = this.#config;
    if (mode.state.mode !== 'in-service') {
      const { mode: ordered, message } = mode.state;
      return { mode: ordered, ...(message === undefined ? {} : { message }) };
    }
    const opens = nextOpening(openingHours, clock.now(), timeZone);
    return opens ? { mode: 'closed', opens } : { mode: 'in-service' };
  }

  /** The municipality's notice, up to its last day on the wall of the place. */
  #news(): News {
    const { attract, timeZone } = this.#config;
    if (!attract) return undefined;
    const { title, text, until } = attract;
    const today = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(
      this.#options.clock.now(),
    );
    if (until !== undefined && today > until) return undefined;
    return { title, ...(text === undefined ? {} : { text }) };
  }
}
