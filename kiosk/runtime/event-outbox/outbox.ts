import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ENTRY_WORTH,
  type Entry,
  type EntryData,
  EntryData as EntrySchema,
} from '@jolly/contracts/fleet-link';
import { type Clock, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import {
  EntryFile,
  isDamage,
  isFull,
  isOfTheFile,
  reasonOf,
  salvage,
  setAside,
  type Waiting,
} from './entry-file.ts';

export const OUTBOX_FILE = 'event-outbox.sqlite';

export interface EventOutboxOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
  readonly mostEntries?: number;
  readonly mostBytes?: number;
  /** Kept in memory while the disk refuses. */
  readonly mostInMemory?: number;
  /** Room that the file takes at once (KiB); as much as it may ever hold by default. */
  readonly makeKiB?: number;
}

/** A week and more of telemetry every minute without a server. */
const MOST_ENTRIES = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_IN_MEMORY = 500;
/** What a row weighs beside its data: id, numbers, index. */
const ROW_BYTES = 160;
/** A disk that refused is asked again after so long. */
const AGAIN_MS = 30_000;
/** How many make way at once on a full disk. */
const MAKE_WAY = 32;

/**
 * Store of what the server is to hear. Invariants: what `add` took is on the disk when it returns (or, while the disk refuses, in a
 * bounded memory); it leaves only when the server has acknowledged it, or when there is no room and nothing is worth less; how many left
 * for want of room is counted for ever. Nothing here throws: a terminal goes on without its outbox.
 */
export class EventOutbox {
  readonly #options: EventOutboxOptions;
  readonly #path: string;
  readonly #most: { readonly entries: number; readonly bytes: number; readonly inMemory: number };
  readonly #listeners = new Set<() => void>();
  /** On their way, with their weight: never dropped, the server may have them already. */
  readonly #sent = new Map<string, number>();
  /** Acknowledged, and still in a file that cannot be written. */
  readonly #gone = new Map<string, number>();
  #memory: Waiting[] = [];
  #file: EntryFile | undefined;
  #onDisk = { entries: 0, bytes: 0 };
  #last = 0;
  #dropped = 0;
  #damaged = 0;
  #refused = 0;
  #complaint = '';
  #cancelAgain: (() => void) | undefined;
  #closed = false;

  constructor(options: EventOutboxOptions) {
    this.#options = options;
    this.#path = join(options.dataDir, OUTBOX_FILE);
    this.#most = {
      entries: options.mostEntries ?? MOST_ENTRIES,
      bytes: options.mostBytes ?? MOST_BYTES,
      inMemory: options.mostInMemory ?? MOST_IN_MEMORY,
    };
    this.#open();
  }

  /** How many wait. */
  get entries(): number {
    return this.#onDisk.entries + this.#memory.length - this.#gone.size;
  }

  /** How many left for want of room, since the first start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Files that were set aside because they were not sound. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Entries that the server would never take. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether what is added is safe from a power cut just now. */
  get durable(): boolean {
    return this.#file !== undefined && this.#memory.length === 0;
  }

  /** Something waits. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(...data: readonly EntryData[]): void {
    if (this.#closed) return;
    const fit = data.filter((each) => this.#fits(each));
    if (fit.length === 0) return;
    const { clock, random } = this.#options;
    const at = clock.now();
    this.#hold(
      fit.map((each) => {
        const text = JSON.stringify(each);
        return {
          n: ++this.#last,
          id: uuidv7(at, random),
          at,
          worth: ENTRY_WORTH[each.kind],
          data: text,
          bytes: Buffer.byteLength(text) + ROW_BYTES,
        };
      }),
    );
    for (const listener of [...this.#listeners]) listener();
  }

  /** The oldest that are not on their way, as many as fit; they count as on their way from now on. */
  take(
    most: { readonly entries: number; readonly bytes: number },
    not: ReadonlySet<string> = new Set(),
  ): Entry[] {
    const taken: Entry[] = [];
    const weights: number[] = [];
    let room = most.bytes;
    const take = (rows: Iterable<Waiting>): void => {
      for (const row of rows) {
        if (taken.length >= most.entries) return;
        if (this.#sent.has(row.id) || this.#gone.has(row.id) || not.has(row.id)) continue;
        const entry: Entry = { id: row.id, at: row.at, data: JSON.parse(row.data) as EntryData };
        const weight = Buffer.byteLength(JSON.stringify(entry)) + 1;
        if (weight > room) return;
        room -= weight;
        taken.push(entry);
        weights.push(row.bytes);
      }
    };
    this.#reading((file) => take(file.from(0)));
    take(this.#memory);
    for (const [at, { id }] of taken.entries()) this.#sent.set(id, weights[at] ?? 0);
    return taken;
  }

  /** They did not arrive, as far as anybody knows: they wait again. */
  giveBack(ids: Iterable<string>): void {
    for (const id of ids) this.#sent.delete(id);
  }

  /** The server has committed them (or will never take those that are `refused`). */
  settle(ids: Iterable<string>, refused = 0): void {
    this.#refused += refused;
    const inMemory = new Set(this.#memory.map(({ id }) => id));
    const known = new Set<string>();
    for (const id of ids) {
      const bytes = this.#sent.get(id);
      if (bytes === undefined) continue;
      this.#sent.delete(id);
      known.add(id);
      if (!inMemory.has(id)) this.#gone.set(id, bytes);
    }
    this.#memory = this.#memory.filter(({ id }) => !known.has(id));
    if (known.size > 0 && !this.#writeThrough([])) this.#tryAgainLater();
  }

  close(): void {
    this.#closed = true;
    this.#cancelAgain?.();
    if (this.#memory.length > 0) this.#writeThrough([]);
    this.#file?.close();
    this.#file = undefined;
    this.#listeners.clear();
  }

  #fits(data: EntryData): boolean {
    const parsed = EntrySchema.safeParse(data);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path }) => path.join('.')).join(' ');
      this.#options.log('entry-unfit', { kind: data.kind, faults: faults.slice(0, 200) });
    }
    return parsed.success;
  }

  #hold(rows: readonly Waiting[]): void {
    if (this.#writeThrough(rows)) return;
    this.#memory.push(...rows);
    const over = this.#memory.length - this.#most.inMemory;
    if (over > 0) {
      const going = new Set(
        this.#memory
          .filter(({ id }) => !this.#sent.has(id))
          .toSorted(leastFirst)
          .slice(0, over)
          .map(({ id }) => id),
      );
      this.#memory = this.#memory.filter(({ id }) => !going.has(id));
      this.#drop(going.size, 'memory');
    }
    this.#tryAgainLater();
  }

  /** Brings the file up to date: what memory kept, what is new, what is settled. False: the disk refuses, nothing has changed. */
  #writeThrough(rows: readonly Waiting[]): boolean {
    if (!this.#file) this.#open();
    const put = [...this.#memory, ...rows];
    try {
      return this.#write(put, this.#overBound(put));
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      return this.#afterFault(error, put);
    }
  }

  #write(put: readonly Waiting[], leaving: ReadonlySet<string>, why = 'bound'): boolean {
    if (!this.#file) return false;
    const dropped = this.#dropped + leaving.size;
    this.#file.change({
      put: put.filter(({ id }) => !leaving.has(id)),
      remove: new Set([...this.#gone.keys(), ...leaving]),
      counts: { dropped, damaged: this.#damaged, last: this.#last },
    });
    this.#gone.clear();
    this.#memory = [];
    const { entries, bytes } = this.#file.weight();
    this.#onDisk = { entries, bytes };
    this.#complaint = '';
    this.#drop(leaving.size, why);
    return true;
  }

  /** Who must go so that `put` has room: the least worthy and oldest of all, the newcomers included. */
  #overBound(put: readonly Waiting[]): ReadonlySet<string> {
    const leaving = new Set<string>();
    const sum = (all: Iterable<number>) => [...all].reduce((total, each) => total + each, 0);
    let entries = this.#onDisk.entries - this.#gone.size + put.length;
    let bytes = this.#onDisk.bytes - sum(this.#gone.values()) + sum(put.map((row) => row.bytes));
    const tooMuch = () => entries > this.#most.entries || bytes > this.#most.bytes;
    if (!this.#file || !tooMuch()) return leaving;
    for (let limit = 64 + this.#sent.size + this.#gone.size; ; limit *= 4) {
      const onDisk = this.#file.leastWorthy(limit);
      for (const row of [...onDisk, ...put].toSorted(leastFirst)) {
        if (!tooMuch()) return leaving;
        if (leaving.has(row.id) || this.#sent.has(row.id) || this.#gone.has(row.id)) continue;
        leaving.add(row.id);
        entries--;
        bytes -= row.bytes;
      }
      if (onDisk.length < limit || !tooMuch()) return leaving;
    }
  }

  /** On a full disk: some old ones that are worth no more than what comes. */
  #makeWay(put: readonly Waiting[]): ReadonlySet<string> {
    const worth = Math.max(-1, ...put.map((row) => row.worth));
    const rows = this.#file?.leastWorthy(MAKE_WAY + this.#sent.size + this.#gone.size) ?? [];
    return new Set(
      rows
        .filter((row) => row.worth <= worth && !this.#sent.has(row.id) && !this.#gone.has(row.id))
        .slice(0, MAKE_WAY)
        .map(({ id }) => id),
    );
  }

  #afterFault(error: unknown, put: readonly Waiting[]): boolean {
    try {
      if (isDamage(error)) {
        const had = this.#replace(error);
        return this.#write([...had, ...put], new Set());
      }
      if (!isFull(error)) {
        this.#complain('event-outbox-refuses', error);
        return false;
      }
      // the log begins anew, and some make way
      this.#file?.fold();
      return this.#write(put, new Set([...this.#overBound(put), ...this.#makeWay(put)]), 'disk');
    } catch (again) {
      if (!isOfTheFile(again)) throw again;
      this.#complain('event-outbox-refuses', again);
      return false;
    }
  }

  #make(): EntryFile {
    return new EntryFile(this.#path, this.#options.makeKiB ?? Math.ceil(this.#most.bytes / 1024));
  }

  #open(): void {
    try {
      mkdirSync(this.#options.dataDir, { recursive: true, mode: 0o700 });
      this.#file = this.#make();
    } catch (error) {
      if (!isDamage(error)) {
        this.#complain('event-outbox-not-opened', error);
        this.#tryAgainLater();
        return;
      }
      this.#memory.unshift(...this.#replace(error));
      return;
    }
    this.#complaint = '';
    this.#reading((file) => {
      const { entries, bytes, last } = file.weight();
      this.#onDisk = { entries, bytes };
      this.#last = Math.max(this.#last, last, file.count('last'));
      this.#dropped += file.count('dropped');
      this.#damaged += file.count('damaged');
    });
  }

  /** A file that is not sound goes beside; a new one takes its place. Gives what could still be read. */
  #replace(error: unknown): readonly Waiting[] {
    const opened = this.#file !== undefined;
    let saved: readonly Waiting[] = [];
    this.#damaged++;
    this.#onDisk = { entries: 0, bytes: 0 };
    try {
      this.#file?.close();
      this.#file = undefined;
      const { rows, counts } = salvage(this.#path, this.#most.inMemory);
      saved = rows.filter(({ id }) => !this.#gone.has(id));
      this.#last = Math.max(this.#last, counts.get('last') ?? 0, ...saved.map(({ n }) => n));
      if (!opened) {
        this.#dropped += counts.get('dropped') ?? 0;
        this.#damaged += counts.get('damaged') ?? 0;
      }
      this.#options.log('event-outbox-damaged', { code: reasonOf(error), saved: saved.length });
      setAside(this.#path);
      this.#file = this.#make();
    } catch (cause) {
      this.#file = undefined;
      this.#complain('event-outbox-not-opened', cause);
      this.#tryAgainLater();
    }
    this.#gone.clear();
    return saved;
  }

  #reading(read: (file: EntryFile) => void): void {
    if (!this.#file) return;
    try {
      read(this.#file);
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      if (isDamage(error)) this.#memory.unshift(...this.#replace(error));
      else this.#complain('event-outbox-unreadable', error);
    }
  }

  /** Once, until it works again. */
  #complain(event: string, error: unknown): void {
    const code = reasonOf(error);
    if (this.#complaint === event + code) return;
    this.#complaint = event + code;
    this.#options.log(event, { code });
  }

  #drop(count: number, why: string): void {
    if (count === 0) return;
    this.#dropped += count;
    this.#options.log('entries-dropped', { count, why });
  }

  #tryAgainLater(): void {
    if (this.#closed) return;
    this.#cancelAgain ??= this.#options.clock.after(AGAIN_MS, () => {
      this.#cancelAgain = undefined;
      if (this.#memory.length > 0 && !this.#writeThrough([])) this.#tryAgainLater();
      else if (!this.#file) this.#open();
    });
  }
}

const leastFirst = (one: Waiting, other: Waiting): number => one.worth - other.worth || one.n - other.n;
