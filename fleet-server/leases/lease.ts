import type { Clock } from '@jolly/contracts/values';
import type { Store } from '../store/index.ts';
import type { LeaseTables } from './tables.ts';

/** How often a replica says that it lives, or looks whether the other does. */
export const BEAT_MS = 1_000;
/** A holder that could not say so for this long lets go by itself, before anybody takes over. */
const LET_GO_MS = 3_000;
/** Whoever sees no beat for this long takes over. */
export const TAKE_OVER_MS = 5_000;

/** What one replica does for all. */
export interface SoleWork {
  start(): void;
  /** Resolves when nothing of it runs any more; it may be started again. */
  stop(): Promise<void>;
}

/** The work that exists once, however many replicas share the store: payments' worker, housekeeping, alerts, retention. */
export interface SoleDuty {
  /** Whether this replica has it now. What is done by it must bear being done twice: a replica that stalls may wake up late. */
  mine(): boolean;
  /** Started whenever this replica gets the duty, stopped when it loses it. */
  during(work: SoleWork): void;
  start(): Promise<void>;
  /** Stops the work and gives the duty away at once. */
  close(): Promise<void>;
}

export interface DutyParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Name of this replica, a new one each start. */
  readonly replica: string;
  readonly failed: (error: unknown) => void;
}

/** One server process on SQLite has the duty by itself; replicas on PostgreSQL by a lease in the store. */
export function openDuty(parts: DutyParts): SoleDuty {
  return parts.store.kind === 'sqlite' ? new OwnDuty() : new LeasedDuty(parts);
}

class OwnDuty implements SoleDuty {
  readonly #works: SoleWork[] = [];
  #started = false;

  mine(): boolean {
    return this.#started;
  }

  during(work: SoleWork): void {
    this.#works.push(work);
    if (this.#started) work.start();
  }

  async start(): Promise<void> {
    this.#started = true;
    for (const work of this.#works) work.start();
  }

  async close(): Promise<void> {
    this.#started = false;
    await Promise.all(this.#works.map((work) => work.stop()));
  }
}

const WHERE = { tenant_id: '-', name: 'sole-duty' } as const;

/**
 * A line with the holder's name and a number that it counts up. No clock of one machine is compared with another's: who waits takes
 * over when it has itself seen the number stand still, who holds lets go when it has itself been unable to count.
 */
export class LeasedDuty implements SoleDuty {
  readonly #parts: DutyParts;
  readonly #own = new OwnDuty();
  #seen: { readonly holder: string; readonly beat: number; readonly at: number } | undefined;
  /** Until when the duty is ours without another beat, by the monotonic clock. */
  #until = 0;
  #held = false;
  #cancel: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;
  #beating: Promise<void> = Promise.resolve();
  #stopping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: DutyParts) {
    this.#parts = parts;
  }

  mine(): boolean {
    return this.#held && this.#parts.clock.monotonic() < this.#until;
  }

  during(work: SoleWork): void {
    this.#own.during(work);
  }

  async start(): Promise<void> {
    await this.#round();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#beating;
    const held = this.#held;
    this.#letGo();
    await this.#stopping;
    // after the work is done: whoever sees the line gone begins at once
    if (held) await this.#lines().deleteFrom('lease').where('holder', '=', this.#parts.replica).execute();
  }

  async #round(): Promise<void> {
    this.#beating = this.#beat().catch((error: unknown) => this.#parts.failed(error));
    await this.#beating;
    if (!this.#closed) this.#cancel = this.#parts.clock.after(BEAT_MS, () => void this.#round());
  }

  async #beat(): Promise<void> {
    const { clock, replica } = this.#parts;
    const asked = clock.monotonic();
    if (this.#held) {
      if (await this.#count(replica)) this.#keep(asked);
      else this.#letGo();
      return;
    }
    const line = await this.#lines()
      .selectFrom('lease')
      .select(['holder', 'beat'])
      .where('tenant_id', '=', WHERE.tenant_id)
      .where('name', '=', WHERE.name)
      .executeTakeFirst();
    if (!line) {
      const { numInsertedOrUpdatedRows } = await this.#lines()
        .insertInto('lease')
        .values({ ...WHERE, holder: replica, beat: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 1n) this.#take(asked);
      return;
    }
    // let go and not taken by anybody since
    if (line.holder === replica) {
      if (await this.#count(replica, line.beat)) this.#take(asked);
      return;
    }
    const same = this.#seen?.holder === line.holder && this.#seen.beat === line.beat;
    if (!same) this.#seen = { ...line, at: asked };
    else if (this.#seen && asked - this.#seen.at >= TAKE_OVER_MS) {
      if (await this.#count(line.holder, line.beat)) this.#take(asked);
    }
  }

  /** Counts the line up as ours, if it is `from`'s still. */
  async #count(from: string, beat?: number): Promise<boolean> {
    let update = this.#lines()
      .updateTable('lease')
      .set((eb) => ({ holder: this.#parts.replica, beat: eb('beat', '+', 1) }))
      .where('tenant_id', '=', WHERE.tenant_id)
      .where('name', '=', WHERE.name)
      .where('holder', '=', from);
    if (beat !== undefined) update = update.where('beat', '=', beat);
    return (await update.executeTakeFirst()).numUpdatedRows === 1n;
  }

  #take(asked: number): void {
    this.#held = true;
    this.#seen = undefined;
    this.#keep(asked);
    // what it did before it lost the duty may still be ending
    this.#stopping = this.#stopping
      .then(async () => {
        if (this.#held) await this.#own.start();
      })
      .catch((error: unknown) => this.#parts.failed(error));
  }

  /** Ours for a while from the moment in which it was asked for. */
  #keep(asked: number): void {
    const { clock } = this.#parts;
    this.#until = asked + LET_GO_MS;
    this.#cancelEnd?.();
    this.#cancelEnd = clock.after(Math.max(0, this.#until - clock.monotonic()), () => this.#letGo());
  }

  #letGo(): void {
    this.#cancelEnd?.();
    if (!this.#held) return;
    this.#held = false;
    this.#stopping = this.#stopping
      .then(() => this.#own.close())
      .catch((error: unknown) => this.#parts.failed(error));
  }

  #lines() {
    return this.#parts.store.of<LeaseTables>();
  }
}
