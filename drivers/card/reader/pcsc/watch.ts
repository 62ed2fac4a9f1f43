import { Client, type Err, type Reader, ReaderStatus, type ReaderStatusFlags } from 'pcsc-mini';
import type { Report, SeenReader } from './messages-codec.ts';

/** Readers that are there already are told one by one: "none" is said only after this. */
const FIRST_LOOK_MS = 300;
const AGAIN_MS = { first: 250, longest: 2_000 };

/**
 * Tells which readers there are and what lies on them, again after each change. The native side waits on all readers and on
 * `\\?PnP?\Notification`. While the service is not there it is asked for again; once it was lost, `lost` is called: what
 * hangs on the old context is best left behind with the process.
 */
export class ReaderWatch {
  readonly #report: (report: Report) => void;
  readonly #lost: () => void;
  readonly #client = new Client();
  readonly #seen = new Map<string, SeenReader>();
  #wait: number = AGAIN_MS.first;

  constructor(report: (report: Report) => void, lost: () => void) {
    this.#report = report;
    this.#lost = lost;
    this.#client.on('reader', (reader) => this.#appeared(reader));
    this.#client.on('error', (error) => {
      this.#seen.clear();
      this.#report({ kind: 'trouble', word: wordOf(error) });
      this.#lost();
    });
  }

  reader(name: string): Reader | undefined {
    return this.#client.reader(name);
  }

  start(): void {
    try {
      this.#client.start();
    } catch (error) {
      this.#report({ kind: 'trouble', word: wordOf(error as Err) });
      setTimeout(() => this.start(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, AGAIN_MS.longest);
      return;
    }
    setTimeout(() => {
      if (this.#seen.size === 0) this.#tell();
    }, FIRST_LOOK_MS);
  }

  #appeared(reader: Reader): void {
    const name = reader.name();
    reader.on('change', (status, atr) => {
      this.#seen.set(name, seenReader(name, status, atr));
      this.#tell();
    });
    reader.on('disconnect', () => {
      this.#seen.delete(name);
      this.#tell();
    });
  }

  #tell(): void {
    this.#report({ kind: 'readers', readers: [...this.#seen.values()] });
  }
}

/** The upper half of the status counts insertions and removals (pcsc-lite). */
function seenReader(name: string, status: ReaderStatusFlags, atr: Uint8Array): SeenReader {
  const present = status.has(ReaderStatus.PRESENT);
  const mute = status.has(ReaderStatus.MUTE) || (present && atr.length === 0);
  const state = present ? (mute ? 'mute' : 'card') : 'empty';
  return { name, state, moves: status.raw >>> 16, atr: state === 'card' ? atr.slice() : new Uint8Array(0) };
}

function wordOf(error: Err): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(error.code) ? error.code : 'UnknownError';
}
