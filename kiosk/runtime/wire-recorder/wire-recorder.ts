import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@jolly/contracts/values';
import {
  encodeRecordingLine,
  type RecordedEvent,
  type RecordSink,
  recordingHead,
} from '@jolly/drivers/transport';

/** A forgotten recording ends by itself: after this time, or at this size. */
const LONGEST_MS = 15 * 60_000;
const LARGEST_BYTES = 20 * 1024 * 1024;

export interface WireRecordingsOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  /** Bytes after which a recording ends by itself; 20 MB. */
  readonly largestBytes?: number;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** Recordings of this terminal's wires, one at a time, in `recordings/` of its data folder, for its own user only. */
export class WireRecordings implements RecordSink {
  readonly #options: WireRecordingsOptions;
  #sessions = 0;
  #open:
    | { readonly file: string; readonly handle: number; readonly from: number; readonly cancel: () => void }
    | undefined;
  #bytes = 0;
  #lines = 0;

  constructor(options: WireRecordingsOptions) {
    this.#options = options;
  }

  get session(): number {
    return this.#open ? this.#sessions : 0;
  }

  /** Begins a recording; one that runs is ended first. */
  start(): { readonly file: string } {
    this.stop();
    const { dataDir, clock, log } = this.#options;
    const folder = join(dataDir, 'recordings');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-');
    const file = join(folder, `${name}.jsonl`);
    const handle = openSync(file, 'w', 0o600);
    this.#bytes = 0;
    this.#lines = 0;
    this.#sessions++;
    this.#open = {
      file,
      handle,
      from: clock.monotonic(),
      cancel: clock.after(LONGEST_MS, () => this.stop()),
    };
    this.#write(recordingHead(clock.now()));
    log('wire-recording', { on: true });
    return { file };
  }

  stop(): { readonly file?: string; readonly lines: number } {
    const open = this.#open;
    if (!open) return { lines: 0 };
    this.#open = undefined;
    open.cancel();
    closeSync(open.handle);
    this.#options.log('wire-recording', { on: false, lines: this.#lines });
    return { file: open.file, lines: this.#lines };
  }

  take(uri: string, event: RecordedEvent): void {
    const open = this.#open;
    if (!open) return;
    const t = Math.round((this.#options.clock.monotonic() - open.from) * 10) / 10;
    this.#lines++;
    try {
      this.#write(encodeRecordingLine({ t, uri, event }));
    } catch (error) {
      // a full disk ends the recording, never what is recorded
      this.#options.log('wire-recording-failed', { why: error instanceof Error ? error.message : 'unknown' });
      this.stop();
      return;
    }
    if (this.#bytes > (this.#options.largestBytes ?? LARGEST_BYTES)) this.stop();
  }

  #write(line: string): void {
    if (!this.#open) return;
    this.#bytes += writeSync(this.#open.handle, `${line}\n`);
  }
}
