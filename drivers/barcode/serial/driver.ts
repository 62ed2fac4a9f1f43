import { type Clock, sleep } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState, SelfTestStep } from '../../health/index.ts';
import type { LinkState, Transport } from '../../transport/index.ts';
import type { BarcodeReader, Scan } from '../port.ts';
import {
  decodeSerial,
  endScan,
  forget,
  isAtStart,
  NOTHING_READ,
  type SerialEvent,
  type SerialRest,
} from './codec.ts';
import { barcodeError, type SerialBarcodeSettings } from './settings.ts';
import { type TriggerProfile, triggerProfiles } from './trigger.ts';

export interface SerialBarcodeContext {
  readonly clock: Clock;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** How long the self-test waits for a link that is coming up. */
const SELF_TEST_LINK_MS = 3_000;

/**
 * A barcode reader on a serial line or a TCP port. The content of a scan is personal (a postal slip names its debtor):
 * it goes to the listener and nowhere else; logs and health carry counts and lengths.
 * Invariants: one listener at a time, the newest; what was read before `listen` or across a lost link never reaches it.
 */
export class SerialBarcodeReader implements BarcodeReader {
  readonly uri: string;
  readonly #transport: Transport;
  readonly #settings: SerialBarcodeSettings;
  readonly #profile: TriggerProfile | undefined;
  readonly #clock: Clock;
  readonly #log: SerialBarcodeContext['log'];
  readonly #counts = { scans: 0, dropped: 0, doubles: 0, overruns: 0, idleEnds: 0, triggerFailures: 0 };
  readonly #healthListeners = new Set<(health: DeviceHealth) => void>();
  #rest: SerialRest = NOTHING_READ;
  #cancelGap: (() => void) | undefined;
  #cancelTrigger: (() => void) | undefined;
  #onScan: ((scan: Scan) => void) | undefined;
  #last: { readonly text: string; readonly at: number } | undefined;
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;

  constructor(
    uri: string,
    transport: Transport,
    settings: SerialBarcodeSettings,
    context: SerialBarcodeContext,
  ) {
    this.uri = uri;
    this.#transport = transport;
    this.#settings = settings;
    this.#profile = triggerProfiles[settings.profile];
    this.#clock = context.clock;
    this.#log = context.log;
    this.#since = context.clock.now();
    transport.start({
      data: (bytes) => this.#received(bytes),
      state: (state, reason) => this.#linkChanged(state, reason),
    });
  }

  listen(onScan: (scan: Scan) => void): () => void {
    this.#onScan = onScan;
    this.#rest = forget(this.#rest);
    this.#last = undefined;
    this.#trigger(true);
    return () => {
      if (this.#onScan !== onScan) return;
      this.#onScan = undefined;
      this.#trigger(false);
    };
  }

  health(): DeviceHealth {
    const { opened, lost, failedOpens, bytesIn } = this.#transport.counters;
    return {
      state: this.#state,
      reasons: this.#reasons,
      since: this.#since,
      counters: {
        ...this.#counts,
        linkOpened: opened,
        linkLost: lost,
        linkFailedOpens: failedOpens,
        bytesIn,
      },
    };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#healthListeners.add(listener);
    return () => this.#healthListeners.delete(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const link = await this.#step('link', () => this.#waitForLink());
    if (!link.ok || !this.#profile) return [link];
    // Reading goes on or stays off as it was: the test only sees whether the reader's line takes the command.
    const command = this.#onScan ? this.#profile.on : this.#profile.off;
    return [link, await this.#step('trigger', () => this.#transport.write(command))];
  }

  async close(): Promise<void> {
    this.#onScan = undefined;
    this.#trigger(false);
    this.#cancelGap?.();
    await this.#transport.close();
  }

  #received(bytes: Uint8Array): void {
    this.#cancelGap?.();
    const decoded = decodeSerial(this.#rest, bytes, this.#settings.suffix);
    this.#rest = decoded.rest;
    for (const event of decoded.events) this.#happened(event);
    if (!isAtStart(this.#rest)) this.#cancelGap = this.#clock.after(this.#settings.gap, () => this.#idle());
  }

  #idle(): void {
    const ended = endScan(this.#rest, this.#settings.suffix);
    this.#rest = ended.rest;
    if (ended.events.length > 0) this.#counts.idleEnds++;
    for (const event of ended.events) this.#happened(event);
  }

  #happened(event: SerialEvent): void {
    if (event.event === 'error') {
      this.#counts.overruns++;
      this.#log('barcode-overrun');
      return;
    }
    const { scan } = event;
    const at = this.#clock.now();
    const onScan = this.#onScan;
    if (!onScan) {
      this.#counts.dropped++;
      return;
    }
    // A code left under the reader is read again and again: each read keeps the filter going.
    const double = this.#last?.text === scan.text && at - this.#last.at < this.#settings.repeat;
    this.#last = { text: scan.text, at };
    if (this.#profile?.againAfterScan) this.#trigger(true);
    if (double) {
      this.#counts.doubles++;
      return;
    }
    this.#counts.scans++;
    this.#log('barcode-scan', { length: scan.text.length, aim: scan.aim ?? '' });
    onScan({ ...scan, at });
  }

  /** Sends the trigger command; a link that is down gets it when it comes back. */
  #trigger(on: boolean): void {
    this.#cancelTrigger?.();
    this.#cancelTrigger = undefined;
    const profile = this.#profile;
    if (!profile || this.#transport.state !== 'open') return;
    this.#transport.write(on ? profile.on : profile.off).catch((error: unknown) => {
      this.#counts.triggerFailures++;
      this.#log('barcode-trigger-failed', { on, reason: error instanceof Error ? error.message : 'unknown' });
    });
    if (on && profile.againEveryMs !== undefined) {
      this.#cancelTrigger = this.#clock.after(profile.againEveryMs, () => this.#trigger(true));
    }
  }

  #linkChanged(state: LinkState, reason: string | undefined): void {
    // Half a code read before the cable came out must not join half of another.
    this.#cancelGap?.();
    this.#rest = NOTHING_READ;
    if (state === 'open') {
      this.#turn('ready', []);
      if (this.#onScan) this.#trigger(true);
    } else if (state === 'waiting') {
      this.#turn('unavailable', [`link-down:${reason ?? 'unknown'}`]);
    }
  }

  #turn(state: DeviceState, reasons: readonly string[]): void {
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#reasons = reasons;
    const health = this.health();
    for (const listener of this.#healthListeners) listener(health);
  }

  async #waitForLink(): Promise<void> {
    const end = this.#clock.monotonic() + SELF_TEST_LINK_MS;
    while (this.#transport.state !== 'open') {
      if (this.#clock.monotonic() >= end) {
        throw barcodeError('BARCODE_LINK_DOWN', { reason: this.#reasons.join(' ') || this.#transport.state });
      }
      await sleep(this.#clock, 50);
    }
  }

  async #step(name: string, act: () => Promise<void>): Promise<SelfTestStep> {
    const start = this.#clock.monotonic();
    const durationMs = () => Math.round(this.#clock.monotonic() - start);
    try {
      await act();
      return { name, ok: true, durationMs: durationMs() };
    } catch (cause) {
      const error = barcodeError('BARCODE_LINK_DOWN', {}, { cause });
      const detail = cause instanceof Error ? cause.message : error.message;
      return { name, ok: false, durationMs: durationMs(), detail, cure: error.entry.cure ?? '' };
    }
  }
}
