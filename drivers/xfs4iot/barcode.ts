import { isJollyError } from '@jolly/contracts/values';
import { type BarcodeReader, type Scan, ScanOutlet, textOf } from '../barcode/index.ts';
import type { DeviceState } from '../health/index.ts';
import { bytesAt, listAt, objectAt, type Payload, wordAt } from './codec/index.ts';
import { type XfsContext, XfsDevice } from './device.ts';
import type { XfsAddress } from './settings.ts';

/** XFS4IoT's names of symbologies as AIM identifiers, those met at the counter (barcode.md 2, 3). */
const AIM: Readonly<Record<string, string>> = {
  qrCode: ']Q1',
  dataMatrix: ']d1',
  code39: ']A0',
  code128: ']C0',
  ean128: ']C1',
  ean13: ']E0',
  ean8: ']E4',
  itf: ']I0',
  pdf417: ']L2',
  aztec: ']z0',
};
/** What is asked for: no more than this, so that a tin of beans before the reader is nothing. */
const WANTED = { qrCode: true, dataMatrix: true, code39: true, code128: true };
/** A reader that fails is asked again after this. */
const AGAIN_MS = 1_000;

/** A barcode reader behind XFS4IoT: reading is asked for while somebody listens, and cancelled afterwards. */
export class XfsBarcodeReader extends XfsDevice implements BarcodeReader {
  readonly #counts: { reads: number; failures: number };
  readonly #outlet: ScanOutlet;
  #scanner: string | undefined;
  #reading: AbortController | undefined;
  #stopAgain: () => void = () => undefined;

  constructor(address: XfsAddress, context: XfsContext) {
    const counts = { reads: 0, failures: 0 };
    // made before the device it belongs to: `this` is not there yet
    let listening: (on: boolean) => void = () => undefined;
    const outlet = new ScanOutlet(context, (on) => listening(on));
    super(address, 'BarcodeReader', context, () => ({ ...outlet.counts, ...counts }));
    this.#counts = counts;
    this.#outlet = outlet;
    listening = (on) => {
      this.#stop();
      if (on) this.#read();
    };
    this.begin();
  }

  listen(onScan: (scan: Scan) => void): () => void {
    return this.#outlet.listen(onScan);
  }

  override async close(): Promise<void> {
    this.#outlet.close();
    this.#stop();
    await super.close();
  }

  protected override onUp(): void {
    if (this.#outlet.listening) this.#read();
  }

  protected override onDown(): void {
    this.#stop();
  }

  protected override onStatus(payload: Payload): void {
    this.#scanner = wordAt(objectAt(payload, 'barcodeReader'), 'scanner') ?? this.#scanner;
  }

  protected override condition(): { state: DeviceState; reasons: readonly string[] } {
    // CWA 17852 writes `inoperative`, the later classes `inoperable`
    const broken = this.#scanner?.startsWith('inoperat') === true || this.#scanner === 'inoperable';
    return broken ? { state: 'fault', reasons: ['scanner-inoperative'] } : { state: 'ready', reasons: [] };
  }

  #stop(): void {
    this.#stopAgain();
    this.#reading?.abort();
    this.#reading = undefined;
  }

  #read(): void {
    this.#stop();
    if (!this.service.isUp) return;
    const reading = new AbortController();
    this.#reading = reading;
    this.#counts.reads += 1;
    // no timeout: it reads until the citizen has shown something or goes elsewhere
    this.service.command('BarcodeReader.Read', { symbologies: WANTED }, { signal: reading.signal }).then(
      ({ code, payload }) => {
        if (this.#reading !== reading) return;
        if (code !== 'success') {
          this.#failed(code);
          return;
        }
        for (const read of listAt(payload, 'readOutput')) this.#give(read);
        if (this.#reading === reading && this.#outlet.listening) this.#read();
      },
      (error: unknown) => {
        if (!isJollyError(error)) throw error;
        if (this.#reading === reading) this.#failed(error.code);
      },
    );
  }

  #give(read: Payload): void {
    const data = bytesAt(read, 'barcodeData');
    if (!data || data.length === 0) return;
    this.#outlet.give({ text: textOf(data), aim: AIM[wordAt(read, 'symbology') ?? ''] });
  }

  #failed(code: string): void {
    this.#counts.failures += 1;
    this.context.log('barcode-read-failed', { code });
    this.#stopAgain = this.context.clock.after(AGAIN_MS, () => {
      if (this.#outlet.listening) this.#read();
    });
  }
}
