import { type ManualClock, sleep } from '@jolly/contracts/values';
import type { PaperDocument, PaperState, PrintResult, ReceiptPrinter } from '@jolly/drivers/printer';
import type { Power } from './power.ts';

export interface PrinterScript {
  paper: 'ok' | 'out';
  /** Paper ends in the middle of a job. */
  failNext: boolean;
}

/** A printer that keeps what came out. */
export class FakePrinter {
  readonly script: PrinterScript = { paper: 'ok', failNext: false };
  readonly slips: PaperDocument[] = [];
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  printer(power: Power): ReceiptPrinter {
    const out = () => this.script.paper === 'out';
    const paper = (): PaperState => ({
      paper: out() ? 'out' : 'ok',
      coverOpen: false,
      jam: false,
      ticketInMouth: false,
    });
    return {
      uri: 'fake:',
      health: () => ({ state: out() ? 'out-of-paper' : 'ready', reasons: [], since: 0, counters: {} }),
      onHealth: () => () => undefined,
      selfTest: () => Promise.resolve([]),
      close: () => Promise.resolve(),
      paper,
      look: async () => paper(),
      print: (document) =>
        power.across(async (): Promise<PrintResult> => {
          await sleep(this.#clock, 10);
          if (out() || this.script.failNext) {
            this.script.failNext = false;
            return { result: 'failed', reason: 'paper-out' };
          }
          this.slips.push(document);
          await sleep(this.#clock, 10);
          return { result: 'printed' };
        }),
    };
  }
}
