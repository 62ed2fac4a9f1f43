import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageBatch, type UsageEvent } from '@jolly/contracts/usage';
import { type Clock, isJollyError, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import { z } from 'zod';
import { writeDurably } from '../durable-file/index.ts';
import type { UsageRecorder } from '../session/index.ts';

const FILE = 'usage.json';
const FIVE_MINUTES_MS = 300_000;
/** A change waits this long for others before it goes to disk: usage is never on the citizen's way. */
const SAVE_AFTER_MS = 1000;
const SEND_EVERY_MS = 60_000;
/** A month offline at 300 events a day; older ones make room, and their missing `seq` shows it. */
const MAX_BATCHES = 1000;
/** Refusals of the batch itself; any other (not enrolled, clock) may pass. */
const NEVER_ACCEPTED: ReadonlySet<number> = new Set([400, 413, 422]);

const Stored = z.object({
  nextSeq: z.int().min(0),
  open: UsageBatch.nullable(),
  waiting: z.array(UsageBatch),
});
type Stored = z.infer<typeof Stored>;

export function durationBucket(ms: number): UsageEvent['dur_bucket'] {
  const limits = [
    [10_000, 'lt10s'],
    [30_000, 'lt30s'],
    [60_000, 'lt1m'],
    [120_000, 'lt2m'],
    [300_000, 'lt5m'],
  ] as const;
  return limits.find(([limit]) => ms < limit)?.[1] ?? 'ge5m';
}

/** The instant floored to five minutes, UTC (location-analytics.md 6.1): nobody is told by the second they came. */
export const floored = (at: number): string =>
  new Date(at - (at % FIVE_MINUTES_MS)).toISOString().replace('.000Z', 'Z');

export interface UsageOptions {
  readonly dataDir: string;
  /** Read anew each time: a terminal may get its name after its start. */
  readonly place: { readonly terminalId: string };
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly send: (batch: UsageBatch) => Promise<void>;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/**
 * Counts uses and ratings into batches that wait on disk until the server has them. Like events of the same five minutes are one with
 * a count. A batch keeps its id however often it is sent.
 */
export class UsageStore implements UsageRecorder {
  readonly #options: UsageOptions;
  readonly #file: string;
  #stored: Stored;
  #cancelSave: (() => void) | undefined;
  #cancelSend: (() => void) | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: UsageOptions) {
    this.#options = options;
    this.#file = join(options.dataDir, FILE);
    this.#stored = this.#read();
    this.#sendLater();
  }

  get waiting(): number {
    return this.#stored.waiting.length;
  }

  use: UsageRecorder['use'] = ({ service, step, durationMs, lang, a11y }) => {
    const event: UsageEvent = {
      v: 1,
      kiosk: this.#options.place.terminalId,
      ts: floored(this.#options.clock.now()),
      service,
      step,
      dur_bucket: durationBucket(durationMs),
      lang,
      a11y,
      n: 1,
    };
    const batch = this.#open();
    const like = batch.events.find(
      (each) => each.n < 1000 && JSON.stringify({ ...each, n: 1 }) === JSON.stringify(event),
    );
    if (like) like.n += 1;
    else batch.events.push(event);
    this.#changed(batch);
  };

  rate: UsageRecorder['rate'] = ({ service, stars, reason, lang }) => {
    const batch = this.#open();
    batch.ratings.push({
      v: 1,
      kiosk: this.#options.place.terminalId,
      ts: floored(this.#options.clock.now()),
      service,
      stars,
      lang,
      ...(reason === undefined ? {} : { reason }),
    });
    this.#changed(batch);
  };

  /** Sends what waits, oldest first, until one is not accepted. One at a time. */
  flush(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  /** Puts everything on disk. */
  close(): void {
    this.#cancelSend?.();
    this.#cancelSave?.();
    this.#save();
  }

  #open(): UsageBatch {
    const { clock, random } = this.#options;
    this.#stored.open ??= {
      batchId: uuidv7(clock.now(), random),
      seq: this.#stored.nextSeq++,
      events: [],
      ratings: [],
    };
    return this.#stored.open;
  }

  #changed(batch: UsageBatch): void {
    if (batch.events.length >= 500 || batch.ratings.length >= 500) this.#seal();
    this.#cancelSave ??= this.#options.clock.after(SAVE_AFTER_MS, () => this.#save());
  }

  #seal(): void {
    if (this.#stored.open) this.#stored.waiting.push(this.#stored.open);
    this.#stored.open = null;
    const tooMany = this.#stored.waiting.length - MAX_BATCHES;
    if (tooMany > 0) {
      this.#stored.waiting.splice(0, tooMany);
      this.#options.log('usage-dropped', { batches: tooMany });
    }
  }

  async #send(): Promise<void> {
    this.#seal();
    this.#save();
    for (let batch = this.#stored.waiting[0]; batch; batch = this.#stored.waiting[0]) {
      try {
        await this.#options.send(batch);
      } catch (error) {
        if (!isJollyError(error)) throw error;
        if (!NEVER_ACCEPTED.has(Number(error.detail.status))) return;
        this.#options.log('usage-refused', { code: String(error.detail.code), seq: batch.seq });
      }
      this.#stored.waiting = this.#stored.waiting.filter((each) => each !== batch);
      this.#save();
    }
  }

  #sendLater(): void {
    this.#cancelSend = this.#options.clock.after(SEND_EVERY_MS, () => {
      this.flush().catch((error: unknown) =>
        this.#options.log('usage-not-sent', { why: error instanceof Error ? error.name : 'unknown' }),
      );
      this.#sendLater();
    });
  }

  #save(): void {
    this.#cancelSave?.();
    this.#cancelSave = undefined;
    try {
      writeDurably(this.#file, JSON.stringify(this.#stored));
    } catch (error) {
      // counts are not worth the terminal: they stay in memory and the disk is told of by the doctor
      this.#options.log('usage-not-saved', { why: error instanceof Error ? error.message : 'unknown' });
    }
  }

  #read(): Stored {
    const empty: Stored = { nextSeq: 0, open: null, waiting: [] };
    if (!existsSync(this.#file)) return empty;
    try {
      return Stored.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      this.#options.log('usage-unreadable', { why: error instanceof Error ? error.name : 'unknown' });
      return empty;
    }
  }
}
