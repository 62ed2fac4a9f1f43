import type { Clock } from '@jolly/contracts/values';
import type { Scan } from './port.ts';

/** The same code again within this time is the same scan, ms, where a reader's settings say nothing else. */
export const SAME_SCAN_MS = 1500;

/**
 * Where a reader puts the codes it read: one listener at a time, the newest. What comes while nobody listens is dropped; a code
 * left before the reader is given once. What a code says goes to the listener and nowhere else: logs carry its length.
 */
export class ScanOutlet {
  readonly #clock: Clock;
  readonly #log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
  readonly #repeatMs: number;
  readonly #changed: (listening: boolean) => void;
  #onScan: ((scan: Scan) => void) | undefined;
  #last: { readonly text: string; readonly at: number } | undefined;
  readonly counts = { scans: 0, dropped: 0, doubles: 0 };

  /** `changed`: somebody began to listen (each time) or nobody listens any more. */
  constructor(
    context: {
      readonly clock: Clock;
      readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
    },
    changed: (listening: boolean) => void,
    repeatMs: number = SAME_SCAN_MS,
  ) {
    this.#clock = context.clock;
    this.#log = context.log;
    this.#changed = changed;
    this.#repeatMs = repeatMs;
  }

  get listening(): boolean {
    return this.#onScan !== undefined;
  }

  listen(onScan: (scan: Scan) => void): () => void {
    this.#onScan = onScan;
    this.#last = undefined;
    this.#changed(true);
    return () => {
      if (this.#onScan !== onScan) return;
      this.#onScan = undefined;
      this.#changed(false);
    };
  }

  give(scan: { readonly text: string; readonly aim?: string | undefined }): 'given' | 'double' | 'dropped' {
    const { text, aim } = scan;
    const at = this.#clock.now();
    if (!this.#onScan) {
      this.counts.dropped++;
      return 'dropped';
    }
    // each read of a code left under the reader keeps the filter going
    const double = this.#last?.text === text && at - this.#last.at < this.#repeatMs;
    this.#last = { text, at };
    if (double) {
      this.counts.doubles++;
      return 'double';
    }
    this.counts.scans++;
    this.#log('barcode-scan', { length: text.length, aim: aim ?? '' });
    this.#onScan(aim === undefined ? { text, at } : { text, aim, at });
    return 'given';
  }

  /** Nobody listens any more. */
  close(): void {
    this.#onScan = undefined;
  }
}
