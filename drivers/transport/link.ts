import type { Clock } from '@jolly/contracts/values';
import { linkError } from './errors.ts';
import type { LinkCounters, LinkState, Transport, TransportEvents } from './port.ts';
import { Backoff, type Random } from './reconnect.ts';

/** What one attempt at a connection reports. After `lost` it reports nothing more. */
export interface ConnectionEvents {
  opened(): void;
  data(bytes: Uint8Array): void;
  /** The attempt failed or the connection broke; `reason` is one word of port.ts or of the connector's docstring. */
  lost(reason: string): void;
}

/** One attempt at a connection, from the moment it is dialled. */
export interface Connection {
  /** Hands bytes to the system at once (before returning); resolves when it took them, rejects when it could not. */
  write(bytes: Uint8Array): Promise<void>;
  /** Lets go of it; resolves when the resource is free to be opened again. Never rejects, may be called twice. */
  drop(): Promise<void>;
}

/** Starts one attempt. Never throws: failures come as `lost`. Must not report before it returned. */
export type Connector = (events: ConnectionEvents) => Connection;

export interface LinkContext {
  readonly clock: Clock;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
  /** 0 ≤ n < 1; `Math.random` outside tests. */
  readonly random?: Random;
}

export interface LinkOptions {
  /**
   * The other side hangs up politely between uses (ECR17 terminals on TCP): a plain `end` is then no loss. The link rests
   * in `waiting` with reason `idle` until `reopen()` asks for it; every other loss reconnects with back-off as usual.
   */
  readonly onDemand?: boolean;
}

/** A connection that carried bytes or lived this long counts as good: the next loss starts with the shortest delay. */
const PROVEN_AFTER_MS = 2_000;

/**
 * The part all links share: states, counters, reconnecting. What a wire is made of comes as a `Connector`.
 * Invariants: at most one attempt lives at a time; an attempt that was dropped is never heard again.
 */
export class Link implements Transport {
  readonly uri: string;
  readonly #connector: Connector;
  readonly #context: LinkContext;
  readonly #onDemand: boolean;
  readonly #backoff: Backoff;
  readonly #counters = { opened: 0, lost: 0, failedOpens: 0, bytesIn: 0, bytesOut: 0 };
  #state: LinkState = 'waiting';
  #events: TransportEvents | undefined;
  #connection: Connection | undefined;
  /** Resolves when the last dropped connection is gone. */
  #released: Promise<void> = Promise.resolve();
  #openedAt = 0;
  #cancelRetry: (() => void) | undefined;
  /** Grows with each attempt, so that late words of an older one are recognised. */
  #attempt = 0;

  constructor(uri: string, connector: Connector, context: LinkContext, options: LinkOptions = {}) {
    this.uri = uri;
    this.#connector = connector;
    this.#context = context;
    this.#onDemand = options.onDemand ?? false;
    this.#backoff = new Backoff(context.random ?? Math.random);
  }

  get state(): LinkState {
    return this.#state;
  }

  get counters(): LinkCounters {
    return { ...this.#counters };
  }

  start(events: TransportEvents): void {
    if (this.#events || this.#state === 'closed') return;
    this.#events = events;
    this.#dial();
  }

  async write(bytes: Uint8Array): Promise<void> {
    const connection = this.#connection;
    if (this.#state !== 'open' || !connection) throw linkError('LINK_DOWN', { uri: this.uri });
    this.#counters.bytesOut += bytes.length;
    try {
      await connection.write(bytes);
    } catch (cause) {
      throw linkError('LINK_LOST', { uri: this.uri }, { cause });
    }
  }

  reopen(reason: string): void {
    if (!this.#events || this.#state === 'closed' || this.#state === 'connecting') return;
    this.#backoff.reset();
    this.#release();
    this.#dial(reason);
  }

  async close(): Promise<void> {
    if (this.#state !== 'closed') {
      this.#state = 'closed';
      this.#events = undefined;
      this.#release();
    }
    await this.#released;
  }

  #enter(state: LinkState, reason?: string): void {
    this.#state = state;
    this.#context.log(`link.${state}`, reason ? { uri: this.uri, reason } : { uri: this.uri });
    this.#events?.state(state, reason);
  }

  /** Forgets the present attempt; its resource is free when `#released` resolves. */
  #release(): void {
    this.#attempt++;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) this.#released = connection.drop();
  }

  #dial(reason?: string): void {
    const attempt = ++this.#attempt;
    this.#enter('connecting', reason);
    void this.#released.then(() => {
      if (attempt !== this.#attempt) return;
      this.#connection = this.#connector({
        opened: () => {
          if (attempt === this.#attempt) this.#opened();
        },
        data: (bytes) => {
          if (attempt === this.#attempt) this.#data(bytes);
        },
        lost: (why) => {
          if (attempt === this.#attempt) this.#lost(why);
        },
      });
    });
  }

  #opened(): void {
    this.#counters.opened++;
    this.#openedAt = this.#context.clock.monotonic();
    this.#enter('open');
  }

  #data(bytes: Uint8Array): void {
    this.#counters.bytesIn += bytes.length;
    this.#backoff.reset();
    this.#events?.data(bytes);
  }

  #lost(reason: string): void {
    const wasOpen = this.#state === 'open';
    this.#release();
    if (wasOpen && this.#onDemand && reason === 'end') {
      this.#enter('waiting', 'idle');
      return;
    }
    if (wasOpen) this.#counters.lost++;
    else this.#counters.failedOpens++;
    if (wasOpen && this.#context.clock.monotonic() - this.#openedAt >= PROVEN_AFTER_MS) this.#backoff.reset();
    this.#cancelRetry = this.#context.clock.after(this.#backoff.next(), () => {
      this.#cancelRetry = undefined;
      this.#dial();
    });
    this.#enter('waiting', reason);
  }
}
