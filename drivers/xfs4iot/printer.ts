import { isJollyError } from '@jolly/contracts/values';
import type { DeviceState } from '../health/index.ts';
import { encodeDocument, encodeLines, type PrinterProfile } from '../printer/escpos/index.ts';
import type { PaperDocument, PaperState, PrintResult, ReceiptPrinter } from '../printer/index.ts';
import {
  type Announced,
  objectAt,
  type Payload,
  toBase64,
  type UnsolicitedMessage,
  wordAt,
} from './codec/index.ts';
import type { Completion } from './conversation.ts';
import { dashed, type XfsContext, XfsDevice } from './device.ts';
import type { XfsAddress } from './settings.ts';

export interface XfsPrinterSettings {
  /** Whose commands the printer behind the service speaks. */
  readonly profile: PrinterProfile;
  readonly columns: number;
}

/** How long a slip may take; the service then says `timeOut`. */
const PRINT_MS = 60_000;

/** Error codes of a print that can be done again safely, by what a person does about them. */
const FAILED: Readonly<Record<string, Extract<PrintResult, { result: 'failed' }>['reason']>> = {
  paperOut: 'paper-out',
  paperJammed: 'jam',
  mediaJammed: 'jam',
  shutterFail: 'fault',
  blackMark: 'fault',
  tonerOut: 'fault',
  inkOut: 'fault',
  stackerFull: 'fault',
  retractBinFull: 'fault',
  sourceInvalid: 'fault',
  sequenceInvalid: 'fault',
};
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'invalidCommand',
  'unsupportedCommand',
  'invalidData',
  'unsupportedData',
]);

/** A receipt printer behind XFS4IoT. `printed` is the completion of the print with its cut and delivery. */
export class XfsPrinter extends XfsDevice implements ReceiptPrinter {
  readonly #settings: XfsPrinterSettings;
  readonly #counts: {
    jobs: number;
    printed: number;
    failed: number;
    unknown: number;
    presented: number;
    taken: number;
    retracts: number;
  };
  #native = true;
  #paper: PaperState['paper'] = 'unknown';
  #jam = false;
  #inMouth = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(address: XfsAddress, settings: XfsPrinterSettings, context: XfsContext) {
    const counts = { jobs: 0, printed: 0, failed: 0, unknown: 0, presented: 0, taken: 0, retracts: 0 };
    super(address, 'Printer', context, () => counts);
    this.#counts = counts;
    this.#settings = settings;
    this.begin();
  }

  paper(): PaperState {
    const paper = this.service.isUp ? this.#paper : 'unknown';
    return { paper, coverOpen: false, jam: this.#jam, ticketInMouth: this.#inMouth };
  }

  async look(): Promise<PaperState> {
    await this.ask();
    return this.paper();
  }

  print(document: PaperDocument): Promise<PrintResult> {
    const mine = this.#turn.then(() => this.#print(document));
    this.#turn = mine;
    return mine;
  }

  protected override onUp({ commands }: Announced): void {
    // a service that lists no commands is taken at its word for what every printer has
    this.#native = commands.size === 0 || commands.has('Printer.PrintNative');
  }

  protected override onStatus(payload: Payload): void {
    const printer = objectAt(payload, 'printer');
    const media = wordAt(printer, 'media');
    if (media !== undefined) {
      this.#inMouth = media === 'present' || media === 'entering';
      this.#jam = media === 'jammed';
    }
    const sources = objectAt(printer, 'paper');
    const states = Object.keys(sources).map((source) => wordAt(sources, source));
    if (states.length > 0) this.#paperIs(states);
  }

  protected override onUnsolicited({ name, payload }: UnsolicitedMessage): void {
    switch (name) {
      case 'Printer.PaperThresholdEvent':
        this.#paperIs([wordAt(payload, 'threshold')]);
        break;
      case 'Printer.MediaPresentedUnsolicitedEvent':
        this.#presented();
        break;
      case 'Printer.MediaTakenEvent':
        if (this.#inMouth) this.#counts.taken += 1;
        this.#inMouth = false;
        break;
      case 'Printer.MediaAutoRetractedEvent':
        this.#counts.retracts += 1;
        this.#inMouth = false;
        this.#jam ||= wordAt(payload, 'retractResult') === 'jammed';
        break;
      default:
        return;
    }
    this.show();
  }

  protected override condition(): { state: DeviceState; reasons: readonly string[] } {
    const reasons = [
      ...(this.#jam ? ['jam'] : []),
      ...(this.#paper === 'out' ? ['paper-out'] : []),
      ...(this.#paper === 'low' ? ['paper-low'] : []),
      ...(this.#inMouth ? ['ticket-in-mouth'] : []),
    ];
    if (this.#paper === 'out') return { state: 'out-of-paper', reasons };
    if (this.#jam) return { state: 'jam', reasons };
    return { state: this.#paper === 'low' ? 'degraded' : 'ready', reasons };
  }

  /** The first source that has paper is printed from: only all of them empty is empty. */
  #paperIs(states: readonly (string | undefined)[]): void {
    const there = states.filter((state) => state !== undefined && state !== 'notSupported');
    if (there.includes('full')) this.#paper = 'ok';
    else if (there.includes('low')) this.#paper = 'low';
    else if (there.includes('out')) this.#paper = 'out';
    else if (there.includes('jammed')) this.#jam = true;
    else this.#paper = 'unknown';
  }

  #presented(): void {
    this.#counts.presented += 1;
    this.#inMouth = true;
  }

  async #print(document: PaperDocument): Promise<PrintResult> {
    this.#counts.jobs += 1;
    const startedAt = this.context.clock.monotonic();
    const result = await this.#job(document);
    this.#counts[result.result] += 1;
    this.context.log('printer.job', {
      uri: this.uri,
      kind: document.kind,
      result: result.result,
      ...('reason' in result ? { reason: result.reason } : {}),
      ms: Math.round(this.context.clock.monotonic() - startedAt),
    });
    void this.ask();
    return result;
  }

  async #job(document: PaperDocument): Promise<PrintResult> {
    const { profile, columns } = this.#settings;
    const options = {
      timeoutMs: PRINT_MS,
      onEvent: ({ name }: { readonly name: string }) => {
        if (name === 'Printer.MediaPresentedEvent') this.#presented();
      },
    };
    try {
      if (!this.#native) {
        const data = toBase64(encodeDocument(document, profile, columns));
        return resultOf(await this.service.command('Printer.PrintRaw', { inputData: 'no', data }, options));
      }
      const data = toBase64(encodeLines(document, profile, columns));
      const payload = { data, mediaControl: { eject: true, cut: true }, paperSource: 'any' };
      return resultOf(await this.service.command('Printer.PrintNative', payload, options));
    } catch (error) {
      if (isJollyError(error, 'XFS_LINK_DOWN') || isJollyError(error, 'XFS_REFUSED'))
        return { result: 'failed', reason: 'link' };
      return { result: 'unknown', reason: isJollyError(error, 'XFS_SILENT') ? 'no-answer' : 'link-lost' };
    }
  }
}

function resultOf({ code, errorCode = '' }: Completion): PrintResult {
  if (code === 'success') return { result: 'printed' };
  if (code === 'deviceNotReady') return { result: 'failed', reason: 'offline' };
  if (NOTHING_DONE.has(code)) return { result: 'failed', reason: 'fault' };
  if (code === 'commandErrorCode') {
    const reason = FAILED[errorCode];
    if (reason) return { result: 'failed', reason };
    // it was on paper, and went back
    if (errorCode === 'mediaRetracted') return { result: 'printed', taken: false };
    return { result: 'unknown', reason: dashed(errorCode) || 'fault' };
  }
  // cancelled, timed out or broken in the middle: something may have come out
  return { result: 'unknown', reason: dashed(code) };
}
