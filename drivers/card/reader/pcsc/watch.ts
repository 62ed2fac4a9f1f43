import { CardDisposition, CardMode, Client, type Err, Protocol, type Reader, ReaderStatus } from 'pcsc-mini';
import { AtrOfReader } from './atr.ts';
import type { Report, SeenReader } from './messages-codec.ts';

/** Readers that are there already are told one by one: "none" is said only after this. */
const FIRST_LOOK_MS = 300;
const NO_ATR = new Uint8Array(0);
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
    const atrs = new AtrOfReader(() => atrOf(reader));
    let latest = 0;
    reader.on('change', (status) => {
      latest += 1;
      const change = latest;
      const mute = status.has(ReaderStatus.MUTE);
      const state = status.has(ReaderStatus.PRESENT) ? (mute ? 'mute' : 'card') : 'empty';
      // The upper half of the status counts insertions and removals (pcsc-lite).
      const seen = { name, state, moves: status.raw >>> 16, atr: NO_ATR } as const;
      if (state !== 'card') {
        atrs.forget();
        return this.#saw(seen);
      }
      void atrs.of(seen.moves).then((atr) => {
        if (change === latest) this.#saw({ ...seen, atr });
      });
    });
    reader.on('disconnect', () => {
      latest += 1;
      atrs.forget();
      this.#seen.delete(name);
      this.#tell();
    });
  }

  #saw(seen: SeenReader): void {
    this.#seen.set(seen.name, seen);
    this.#tell();
  }

  #tell(): void {
    this.#report({ kind: 'readers', readers: [...this.#seen.values()] });
  }
}

/**
 * The ATR comes from the card's own state, over a connection that neither powers nor resets it: the one that pcsc-mini 0.1.3
 * hands to `change` is memory already used for something else.
 */
async function atrOf(reader: Reader): Promise<Uint8Array> {
  const card = await reader.connect(CardMode.DIRECT, Protocol.UNSET);
  try {
    return (await card.state()).atr.slice(0, 33);
  } finally {
    await card.disconnect(CardDisposition.LEAVE);
  }
}

function wordOf(error: Err): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(error.code) ? error.code : 'UnknownError';
}
