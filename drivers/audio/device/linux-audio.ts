import { spawn } from 'node:child_process';
import { type Clock, errorsOf } from '@jolly/contracts/values';
import { EV_SW, EvdevReader, SW_HEADPHONE_INSERT } from '../../evdev/index.ts';
import type { DeviceHealth, SelfTestStep } from '../../health/index.ts';
import type { Audio } from '../port.ts';
import { Plug } from './plug.ts';

export const audioError = errorsOf({
  AUDIO_SETTING_INVALID: {
    cause: 'a setting of the sound’s URI cannot be used',
    retry: 'no',
    cure: 'see docs/speech.md, "Sound of the computer"',
  },
  AUDIO_LEVEL_FAILED: {
    cause: 'the loudness could not be set',
    retry: 'later',
    cure: 'run `wpctl status` as the terminal’s user: PipeWire must run and have an output',
  },
});

export interface LinuxAudioSettings {
  /** The jack's device of /dev/input; absent: the jack is on the keypad, or there is none. */
  readonly jack: string | undefined;
  readonly sink: string;
  readonly wpctl: string;
}

export function linuxAudioSettings(query: URLSearchParams): LinuxAudioSettings {
  const jack = query.get('jack') ?? undefined;
  const sink = query.get('sink') ?? '@DEFAULT_AUDIO_SINK@';
  const faults: string[] = [];
  if (jack !== undefined && !jack.startsWith('/dev/')) faults.push('jack: a device of /dev/input');
  if (!/^(@DEFAULT_AUDIO_SINK@|\d{1,6})$/.test(sink))
    faults.push('sink: @DEFAULT_AUDIO_SINK@ or a number of `wpctl status`');
  if (faults.length > 0) throw audioError('AUDIO_SETTING_INVALID', { faults: faults.join('; ') });
  return { jack, sink, wpctl: query.get('wpctl') ?? 'wpctl' };
}

/** Sound of a Linux computer: the jack by its switch of /dev/input, loudness by PipeWire's `wpctl`. */
export class LinuxAudio implements Audio {
  readonly uri: string;
  readonly #settings: LinuxAudioSettings;
  readonly #clock: Clock;
  readonly #plug = new Plug();
  readonly #reader: EvdevReader | undefined;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  readonly #faults = new Map<'jack' | 'level', string>();
  #since: number;

  constructor(uri: string, settings: LinuxAudioSettings, clock: Clock) {
    this.uri = uri;
    this.#settings = settings;
    this.#clock = clock;
    this.#since = clock.now();
    const { jack } = settings;
    this.#reader =
      jack === undefined
        ? undefined
        : new EvdevReader(
            jack,
            {
              event: ({ type, code, value }) => {
                if (type === EV_SW && code === SW_HEADPHONE_INSERT) this.#plug.turn(value === 1);
              },
              open: (open, reason) => {
                if (!open) this.#plug.turn(false);
                this.#fault('jack', open ? undefined : `jack-${reason ?? 'unplugged'}`);
              },
            },
            clock,
          );
  }

  get headset(): boolean {
    return this.#plug.in;
  }

  onHeadset(listener: (plugged: boolean) => void): () => void {
    return this.#plug.on(listener);
  }

  /** Rejects with `AUDIO_LEVEL_FAILED`. */
  async setLevel(level: number): Promise<void> {
    const { wpctl, sink } = this.#settings;
    const share = `${Math.round(Math.min(1, Math.max(0, level)) * 100)}%`;
    try {
      await run(wpctl, ['set-volume', sink, share]);
      this.#fault('level', undefined);
    } catch (cause) {
      this.#fault('level', 'level-failed');
      throw audioError('AUDIO_LEVEL_FAILED', { sink }, { cause });
    }
  }

  /** Without jack or loudness there is still sound. */
  health(): DeviceHealth {
    const reasons = [...this.#faults.values()];
    const state = reasons.length > 0 ? 'degraded' : 'ready';
    return { state, reasons, since: this.#since, counters: {} };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const { wpctl, sink } = this.#settings;
    const start = this.#clock.monotonic();
    const took = () => Math.round(this.#clock.monotonic() - start);
    const { entry } = audioError('AUDIO_LEVEL_FAILED');
    const level: SelfTestStep = await run(wpctl, ['get-volume', sink]).then(
      () => ({ name: 'level', ok: true, durationMs: took() }),
      (error: unknown) => ({
        ...{ name: 'level', ok: false, durationMs: took(), cure: entry.cure ?? '' },
        detail: error instanceof Error ? error.message : 'unknown',
      }),
    );
    const { jack } = this.#settings;
    if (jack === undefined) return [level];
    const why = this.#faults.get('jack');
    const ok = why === undefined;
    const cure = `name the jack’s device (grep -l Headphone /sys/class/input/*/device/name) and let this program read it`;
    return [level, { name: 'jack', ok, durationMs: 0, ...(ok ? {} : { detail: why, cure }) }];
  }

  close(): Promise<void> {
    this.#reader?.close();
    this.#plug.clear();
    this.#listeners.clear();
    return Promise.resolve();
  }

  #fault(what: 'jack' | 'level', reason: string | undefined): void {
    const before = this.#faults.get(what);
    if (before === reason) return;
    if (reason === undefined) this.#faults.delete(what);
    else this.#faults.set(what, reason);
    this.#since = this.#clock.now();
    for (const listener of this.#listeners) listener(this.health());
  }
}

/** Runs a program to its end; rejects with its status. */
function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (status) =>
      status === 0 ? resolve() : reject(new Error(`${command} ended with ${status}`)),
    );
  });
}
