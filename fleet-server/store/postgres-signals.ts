import { randomUUID } from 'node:crypto';
import type { Clock } from '@jolly/contracts/values';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { LocalSignals } from './local-signals.ts';
import { connectionOf, type PostgresSettings } from './postgres-pool.ts';
import type { SignalListener, Signals } from './store.ts';

const CHANNEL = 'jolly';
const AGAIN_MS = 1_000;
/** More than this many unsent words are one: look at everything. */
const MOST_WAITING = 1_000;

/** LISTEN and NOTIFY: a connection of its own that hears, the pool that tells. */
export class PostgresSignals implements Signals {
  readonly #local = new LocalSignals();
  readonly #origin = randomUUID();
  readonly #waiting = new Set<string>();
  readonly #db: Kysely<unknown>;
  readonly #settings: PostgresSettings;
  readonly #clock: Clock;
  readonly #lost: (error: Error) => void;
  #client: pg.Client | undefined;
  #telling: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(db: Kysely<unknown>, settings: PostgresSettings, clock: Clock, lost: (error: Error) => void) {
    this.#db = db;
    this.#settings = settings;
    this.#clock = clock;
    this.#lost = lost;
  }

  /** Resolves when it hears. */
  async start(): Promise<void> {
    const client = new pg.Client(connectionOf(this.#settings));
    client.on('error', (error) => {
      this.#lost(error);
      this.#gone(client);
    });
    client.on('end', () => this.#gone(client));
    client.on('notification', ({ payload }) => this.#heard(payload ?? ''));
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      this.#lost(error instanceof Error ? error : new Error(String(error)));
      this.#gone(client);
    }
  }

  tell(channel: string, word: string): void {
    this.#local.tell(channel, word);
    if (this.#closed) return;
    if (this.#waiting.size < MOST_WAITING) this.#waiting.add(JSON.stringify([this.#origin, channel, word]));
    this.#telling ??= this.#tellAll();
  }

  hear(channel: string, listener: SignalListener): () => void {
    return this.#local.hear(channel, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#telling;
    await this.#client?.end();
  }

  #heard(payload: string): void {
    const [origin, channel, word] = JSON.parse(payload) as [string, string, string];
    if (origin !== this.#origin) this.#local.tell(channel, word);
  }

  async #tellAll(): Promise<void> {
    // one breath: what is said in the same turn goes together, and once
    await Promise.resolve();
    try {
      while (this.#waiting.size > 0) {
        const words = [...this.#waiting];
        await sql`select pg_notify(${CHANNEL}, word) from unnest(${words}::text[]) as word`.execute(this.#db);
        for (const word of words) this.#waiting.delete(word);
      }
    } catch (error) {
      this.#lost(error instanceof Error ? error : new Error(String(error)));
      if (!this.#closed) this.#clock.after(AGAIN_MS, () => this.#again());
    } finally {
      this.#telling = undefined;
    }
  }

  #again(): void {
    if (this.#closed || this.#waiting.size === 0) return;
    this.#telling ??= this.#tellAll();
  }

  /** The connection is away: another is made, and then everybody looks, for words may have been lost. */
  #gone(client: pg.Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.#cancel = this.#clock.after(AGAIN_MS, () => {
      if (this.#closed) return;
      this.start().then(
        () => this.#client && this.#local.missed(),
        (error: unknown) => this.#lost(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }
}
