import type { Device } from '../health/index.ts';

export interface Scan {
  /** The text read, without prefix, suffix and AIM identifier. */
  readonly text: string;
  /** AIM identifier (`]Q1`) when the reader sent one. */
  readonly aim?: string;
  readonly at: number;
}

/** A barcode reader. Scans that come while it is not listening are dropped and counted. */
export interface BarcodeReader extends Device {
  /** Starts listening and flushes what was read before; the returned function stops. */
  listen(onScan: (scan: Scan) => void): () => void;
}
