import { type Clock, sleep } from '@jolly/contracts/values';
import { type DeviceHealth, type SelfTestStep, Standing } from '../../health/index.ts';
import { ScanOutlet } from '../outlet.ts';
import type { BarcodeReader, Scan } from '../port.ts';
import {
  forgetPieces,
  type HidRest,
  isWhole,
  joinPiece,
  NO_PIECES,
  readDescriptor,
  readReport,
  SCANNER_PAGE,
  type ScanLayout,
  scanLayout,
  triggerReport,
} from './codec/index.ts';
import { type HidPosSettings, hidError } from './settings.ts';
import type { HidDeviceInfo, HidLink, HidTransport } from './transport.ts';

export interface HidPosContext {
  readonly clock: Clock;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** How often a reader that is not there is looked for. */
const LOOK_EVERY_MS = 2_000;
/** The rest of a code comes within this time or not at all (barcode.md 1.1). */
const REST_MS = 500;
/** How long the self-test waits for a reader that is coming up. */
const SELF_TEST_MS = 3_000;
const KEYBOARD = { page: 0x01, usage: 0x06 };

/** Why there is no reader, worst known cause first. */
type Absence =
  | 'not-connected'
  | 'keyboard-mode'
  | 'no-permission'
  | 'not-hid-pos'
  | 'hid-unavailable'
  | 'unplugged';

/**
 * A barcode reader in USB HID POS mode. It is found again by itself after it was unplugged. Invariants as of every reader: codes
 * go to the newest listener and nowhere else; halves of two codes, or of two readers, are never joined.
 */
export class HidPosReader implements BarcodeReader {
  readonly uri: string;
  readonly #transport: HidTransport;
  readonly #settings: HidPosSettings;
  readonly #clock: Clock;
  readonly #log: HidPosContext['log'];
  readonly #counts = {
    opened: 0,
    lost: 0,
    reports: 0,
    foreignReports: 0,
    lostRests: 0,
    overruns: 0,
    triggerFailures: 0,
  };
  readonly #outlet: ScanOutlet;
  readonly #standing: Standing;
  #open: { readonly link: HidLink; readonly layout: ScanLayout } | undefined;
  #rest: HidRest = NO_PIECES;
  #cancelRest: (() => void) | undefined;
  #cancelLook: (() => void) | undefined;
  #closed = false;

  constructor(uri: string, transport: HidTransport, settings: HidPosSettings, context: HidPosContext) {
    this.uri = uri;
    this.#transport = transport;
    this.#settings = settings;
    this.#clock = context.clock;
    this.#log = context.log;
    this.#outlet = new ScanOutlet(
      context,
      (listening) => {
        if (listening) this.#rest = forgetPieces(this.#rest);
        void this.#trigger(listening);
      },
      settings.repeat,
    );
    this.#standing = new Standing(context.clock, () => ({ ...this.#outlet.counts, ...this.#counts }));
    void this.#look();
  }

  listen(onScan: (scan: Scan) => void): () => void {
    return this.#outlet.listen(onScan);
  }

  health(): DeviceHealth {
    return this.#standing.health();
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#standing.onHealth(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const began = this.#clock.monotonic();
    const took = () => Math.round(this.#clock.monotonic() - began);
    while (!this.#open && took() < SELF_TEST_MS) await sleep(this.#clock, 50);
    if (!this.#open) {
      const { reasons } = this.#standing;
      const code = reasons.includes('keyboard-mode') ? 'HID_KEYBOARD_MODE' : 'HID_READER_ABSENT';
      const error = hidError(code);
      const cure = error.entry.cure ?? '';
      return [
        { name: 'reader', ok: false, durationMs: took(), detail: reasons.join(' ') || error.message, cure },
      ];
    }
    const reader = { name: 'reader', ok: true, durationMs: took() };
    if (!this.#open.layout.trigger || !this.#settings.trigger) return [reader];
    const sent = await this.#trigger(this.#outlet.listening);
    const cure = hidError('HID_TRIGGER_FAILED').entry.cure ?? '';
    return [
      reader,
      { name: 'trigger', ok: sent, durationMs: took() - reader.durationMs, ...(sent ? {} : { cure }) },
    ];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelLook?.();
    this.#cancelRest?.();
    if (this.#outlet.listening) await this.#trigger(false);
    this.#outlet.close();
    const open = this.#open;
    this.#open = undefined;
    await open?.link.close();
  }

  async #look(): Promise<void> {
    const absence = await this.#find();
    if (this.#closed || absence === undefined) return;
    this.#standing.turn('unavailable', [absence]);
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#cancelLook?.();
    this.#cancelLook = this.#clock.after(LOOK_EVERY_MS, () => void this.#look());
  }

  /** Opens the first reader that is meant and reads codes; undefined when it is open, else why not. Never rejects. */
  async #find(): Promise<Absence | undefined> {
    let devices: readonly HidDeviceInfo[];
    try {
      devices = (await this.#transport.list()).filter((device) => this.#isMeant(device));
    } catch (error) {
      this.#log('barcode-hid-unavailable', { reason: error instanceof Error ? error.name : 'unknown' });
      return 'hid-unavailable';
    }
    // a reader shows several interfaces; where the system does not tell their pages, the descriptor does
    const candidates = devices.filter(({ usagePage }) => usagePage === SCANNER_PAGE || !usagePage);
    let absence: Absence =
      devices.some(isKeyboard) && this.#settings.vendorId !== undefined ? 'keyboard-mode' : 'not-connected';
    for (const { path } of candidates) {
      const tried = await this.#tryOpen(path);
      if (tried === undefined || this.#closed) return undefined;
      absence = tried;
    }
    return absence;
  }

  #isMeant({ vendorId, productId, serial }: HidDeviceInfo): boolean {
    const wanted = this.#settings;
    if (wanted.vendorId === undefined) return true;
    if (vendorId !== wanted.vendorId || productId !== wanted.productId) return false;
    return wanted.serial === undefined || serial === wanted.serial;
  }

  async #tryOpen(path: string): Promise<Absence | undefined> {
    let link: HidLink;
    let gone = false;
    try {
      link = await this.#transport.open(path, {
        report: (bytes) => this.#received(link, bytes),
        gone: (reason) => {
          gone = true;
          this.#lost(link, reason);
        },
      });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      this.#log('barcode-hid-not-opened', { code: typeof code === 'string' ? code : 'unknown' });
      return 'no-permission';
    }
    const layout = scanLayout(readDescriptor(link.descriptor));
    if (!layout || this.#closed || gone) {
      await link.close().catch(() => undefined); // it was ours for a moment only
      return layout ? 'unplugged' : 'not-hid-pos';
    }
    this.#counts.opened++;
    this.#open = { link, layout };
    this.#rest = NO_PIECES;
    this.#standing.turn('ready');
    if (this.#outlet.listening) void this.#trigger(true);
    return undefined;
  }

  #received(link: HidLink, bytes: Uint8Array): void {
    const open = this.#open;
    if (open?.link !== link) return;
    this.#counts.reports++;
    const piece = readReport(open.layout, bytes);
    if (!piece) {
      this.#counts.foreignReports++;
      return;
    }
    this.#cancelRest?.();
    const joined = joinPiece(this.#rest, piece);
    this.#rest = joined.rest;
    if (!isWhole(this.#rest)) {
      this.#cancelRest = this.#clock.after(REST_MS, () => {
        this.#rest = NO_PIECES;
        this.#counts.lostRests++;
        this.#log('barcode-rest-missing');
      });
    }
    for (const event of joined.events) {
      if (event.event === 'scan') {
        this.#outlet.give(event.scan);
        // readers that were told to read stop after a code
        if (this.#outlet.listening) void this.#trigger(true);
      } else {
        this.#counts.overruns++;
        this.#log('barcode-overrun');
      }
    }
  }

  #lost(link: HidLink, reason: string): void {
    if (this.#open?.link !== link) return;
    this.#open = undefined;
    this.#cancelRest?.();
    this.#rest = NO_PIECES;
    this.#counts.lost++;
    this.#standing.turn('unavailable', [reason]);
    if (!this.#closed) this.#lookAgain();
  }

  /** Whether the command was sent, or none is needed. Never rejects. */
  async #trigger(on: boolean): Promise<boolean> {
    const open = this.#open;
    if (!open?.layout.trigger || !this.#settings.trigger) return true;
    try {
      await open.link.write(triggerReport(open.layout.trigger, on));
      return true;
    } catch (error) {
      this.#counts.triggerFailures++;
      this.#log('barcode-trigger-failed', { on, reason: error instanceof Error ? error.name : 'unknown' });
      return false;
    }
  }
}

const isKeyboard = ({ usagePage, usage }: HidDeviceInfo): boolean =>
  usagePage === KEYBOARD.page && usage === KEYBOARD.usage;
