/** State of a link. `closed` is final: somebody asked for it. */
export type LinkState = 'connecting' | 'open' | 'waiting' | 'closed';

export interface LinkCounters {
  readonly opened: number;
  readonly lost: number;
  readonly failedOpens: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface TransportEvents {
  /** Bytes as they came, in any fragmentation. */
  data(bytes: Uint8Array): void;
  /** Each change of state; `reason` names why a link was lost (`unplugged`, `refused`, `reset`, `end`, `idle`). */
  state(state: LinkState, reason?: string): void;
}

/**
 * A byte link that opens itself, notices removal by itself and comes back with back-off. Used by one driver.
 * Invariants: events come in order; after `close()` none comes; `write` on a link that is not open rejects with
 * `LINK_DOWN` and sends nothing; a resolved `write` means "handed to the system", never "received".
 */
export interface Transport {
  readonly uri: string;
  readonly state: LinkState;
  readonly counters: LinkCounters;
  /** One listener at a time; starts the link. */
  start(events: TransportEvents): void;
  write(bytes: Uint8Array): Promise<void>;
  /** Drops the present connection and lets it open anew (POS terminals close TCP between transactions). */
  reopen(reason: string): void;
  close(): Promise<void>;
}
