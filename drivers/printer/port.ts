import type { Device } from '../health/index.ts';
import type { PaperDocument } from './document.ts';

/** The truth about a job: `printed` only when the printer itself said so after the cut (printing.md 1.1). */
export type PrintResult =
  | { readonly result: 'printed'; readonly taken?: boolean }
  /** Nothing of it came out, or it can be printed again safely. */
  | {
      readonly result: 'failed';
      readonly reason: 'paper-out' | 'cover-open' | 'jam' | 'cutter' | 'offline' | 'link' | 'fault';
    }
  /** Sent, but the printer's word did not come: something may have come out. */
  | { readonly result: 'unknown'; readonly reason: string };

export interface PaperState {
  readonly paper: 'ok' | 'low' | 'out' | 'unknown';
  readonly coverOpen: boolean;
  readonly jam: boolean;
  readonly ticketInMouth: boolean;
}

export interface ReceiptPrinter extends Device {
  /** What was seen last. */
  paper(): PaperState;
  /** Asks the printer now, after the job it may be doing; `unknown` paper when it does not answer. */
  look(): Promise<PaperState>;
  /** One job at a time; a second call waits its turn. */
  print(document: PaperDocument): Promise<PrintResult>;
}
