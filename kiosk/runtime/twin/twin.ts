import type { Reported } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { RuntimeConfig } from '../config/index.ts';
import type { Log } from '../devices/index.ts';
import { applied, devicesDiffer, type Fault } from './applied.ts';
import type { Checked } from './check.ts';
import { type Stored, TwinMemory } from './memory.ts';

/** Starts that may fail before settings are taken back (updates.md 6). */
const STARTS = 2;
/** Power cuts in the first seconds of a start count for nothing; so many are no chance any more: the settings bring the computer down. */
const CUTS = 8;
/** A terminal that has run so long with new settings came up with them. */
const HEALTHY_MS = 10_000;

/** What a change of the settings needs of the running terminal. */
export interface TwinHost {
  check(settings: unknown, running: RuntimeConfig): Promise<Checked>;
  /** Nobody is there and nothing is under way. */
  idle(): boolean;
  /** What can change while the terminal runs has changed. */
  apply(config: RuntimeConfig): void;
  /** Ends the process in order; whoever watches over it starts it again. */
  restart(): void;
}

export type SettingsNews =
  | { readonly what: 'applied'; readonly version: number }
  | { readonly what: 'refused'; readonly version: number; readonly faults: number };

type Trying = NonNullable<Stored['trying']>;

export interface TwinOptions {
  readonly own: RuntimeConfig;
  readonly clock: Clock;
  /** The run of the computer; undefined where it cannot be known. */
  readonly boot?: string | undefined;
  readonly log: Log;
  readonly news: (news: SettingsNews) => void;
}

export interface Twin {
  /** The terminal's own file with the settings over it, as it holds now. */
  readonly config: RuntimeConfig;
  /** Version that holds and is known to work; 0 = the terminal's own file alone. */
  readonly version: number;
  readonly reported: Reported['settings'];
  /** The server's word. */
  offer(desired: { readonly version: number; readonly settings: unknown }): void;
  /** The terminal stands. */
  follow(host: TwinHost): void;
  /** Somebody may have left. */
  look(): void;
  close(): void;
}

class SettingsKeeper implements Twin {
  readonly #options: TwinOptions;
  readonly #memory: TwinMemory;
  #config: RuntimeConfig;
  #host: TwinHost | undefined;
  #cancelHealthy: (() => void) | undefined;
  #checking = false;
  #next: { readonly version: number; readonly settings: unknown } | undefined;
  #restarting = false;
  #closed = false;

  constructor(options: TwinOptions) {
    this.#options = options;
    this.#memory = new TwinMemory(options.own.dataDir, options.log);
    this.#config = this.#begin();
  }

  get config(): RuntimeConfig {
    return this.#config;
  }

  get version(): number {
    return this.#memory.stored.holds?.version ?? 0;
  }

  get reported(): Reported['settings'] {
    const { refused } = this.#memory.stored;
    return {
      version: this.version,
      ...(refused === undefined
        ? {}
        : { refused: { version: refused.version, faults: [...refused.faults] } }),
    };
  }

  offer(desired: { readonly version: number; readonly settings: unknown }): void {
    if (this.#closed) return;
    const { staged, trying, refused } = this.#memory.stored;
    const known = Math.max(
      this.version,
      staged?.version ?? 0,
      trying?.version ?? 0,
      this.#next?.version ?? 0,
    );
    if (desired.version <= known) return;
    if (
      refused &&
      (refused.version > desired.version || (refused.final && refused.version === desired.version))
    )
      return;
    this.#next = desired;
    this.#work();
  }

  follow(host: TwinHost): void {
    this.#host = host;
    if (this.#memory.stored.trying) {
      this.#cancelHealthy = this.#options.clock.after(HEALTHY_MS, () => this.#cameUp());
    }
    this.#work();
  }

  look(): void {
    this.#work();
  }

  close(): void {
    this.#cancelHealthy?.();
    if (!this.#restarting) this.#uncount();
    this.#closed = true;
  }

  /** What this start begins with: the last good settings, or new ones that have not failed too often. */
  #begin(): RuntimeConfig {
    const { own } = this.#options;
    const { holds, trying, ...rest } = this.#memory.stored;
    const good = holds ? applied(own, holds.settings) : own;
    if (!trying) return good;
    const { version, settings } = trying;
    const { starts, cuts } = this.#falls(trying);
    if (starts >= STARTS || cuts >= CUTS) {
      const faults = [{ path: '', message: `the terminal did not come up with it, ${starts + cuts} times` }];
      this.#write({ ...rest, holds, refused: { version, faults, final: true } });
      this.#tell({ what: 'refused', version, faults: 1 });
      return good;
    }
    // counted before anything is begun with it; where that cannot be, nothing is risked
    const { boot } = this.#options;
    const begun = { version, settings, starts: starts + 1, cuts, ...(boot === undefined ? {} : { boot }) };
    return this.#write({ ...rest, holds, trying: begun }) ? applied(own, settings) : good;
  }

  /** The starts that fell. The last one did not where the computer itself has begun anew since: its power was cut. */
  #falls({ starts, cuts = 0, boot }: Trying): { readonly starts: number; readonly cuts: number } {
    const now = this.#options.boot;
    const cut = starts > 0 && boot !== undefined && now !== undefined && boot !== now;
    return cut ? { starts: starts - 1, cuts: cuts + 1 } : { starts, cuts };
  }

  /** It ends in order: this start did not fall, and nobody knows whether it would have. The next one tries again. */
  #uncount(): void {
    const { trying } = this.#memory.stored;
    if (!trying || trying.starts === 0) return;
    this.#write({ ...this.#memory.stored, trying: { ...trying, starts: trying.starts - 1 } });
  }

  #cameUp(): void {
    const { trying, refused: _, ...rest } = this.#memory.stored;
    if (!trying) return;
    const { version, settings } = trying;
    if (this.#write({ ...rest, holds: { version, settings } })) this.#tell({ what: 'applied', version });
    this.#work();
  }

  /** One thing after another: check what came, then put it in force when nobody is there. */
  #work(): void {
    const host = this.#host;
    if (!host || this.#closed || this.#checking || this.#restarting || this.#memory.stored.trying) return;
    const next = this.#next;
    if (next) {
      this.#next = undefined;
      this.#checking = true;
      host
        .check(next.settings, this.#config)
        .then(
          (checked) => this.#checked(next.version, checked),
          (error: unknown) => {
            const why = error instanceof Error ? error.message : 'unknown';
            this.#options.log('settings-not-checked', { why });
            this.#refuse(next.version, [{ path: '', message: 'could not be checked' }]);
          },
        )
        .finally(() => {
          this.#checking = false;
          this.#work();
        });
      return;
    }
    const { staged } = this.#memory.stored;
    if (staged && host.idle()) this.#apply(host, staged);
  }

  #checked(version: number, checked: Checked): void {
    if (this.#closed) return;
    if (!checked.ok) {
      this.#refuse(version, checked.faults);
      return;
    }
    const { settings } = checked;
    if (!this.#write({ ...this.#memory.stored, staged: { version, settings } }))
      this.#refuse(version, [{ path: '', message: 'could not be stored' }]);
  }

  #apply(host: TwinHost, { version, settings }: NonNullable<Stored['staged']>): void {
    const { staged: _, refused: __, ...rest } = this.#memory.stored;
    const config = applied(this.#options.own, settings);
    if (devicesDiffer(config, this.#config)) {
      if (
        !this.#write({ ...this.#memory.stored, staged: undefined, trying: { version, settings, starts: 0 } })
      )
        return;
      this.#restarting = true;
      this.#options.log('restart-for-settings', { version });
      host.restart();
      return;
    }
    if (!this.#write({ ...rest, holds: { version, settings } })) return;
    this.#config = config;
    host.apply(config);
    this.#tell({ what: 'applied', version });
  }

  #refuse(version: number, faults: readonly Fault[]): void {
    const before = this.#memory.stored.refused;
    const refused = { version, faults: [...faults], final: false };
    this.#write({ ...this.#memory.stored, refused });
    if (JSON.stringify(before) !== JSON.stringify(refused))
      this.#tell({ what: 'refused', version, faults: faults.length });
  }

  #tell(news: SettingsNews): void {
    const { what, ...detail } = news;
    this.#options.log(`settings-${what}`, detail);
    this.#options.news(news);
  }

  #write(stored: Stored): boolean {
    try {
      this.#memory.write(stored);
      return true;
    } catch (error) {
      this.#options.log('twin-not-stored', { why: error instanceof Error ? error.message : 'unknown' });
      return false;
    }
  }
}

export const openTwin = (options: TwinOptions): Twin => new SettingsKeeper(options);
