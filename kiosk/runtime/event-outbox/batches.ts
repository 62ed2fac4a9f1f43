import { type Ack, type Entries, MAX_PAYLOAD_BYTES, MOST_ENTRIES } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { EventOutbox } from './outbox.ts';

/** Room for envelope and frame round the entries. */
const WRAPPING_BYTES = 1024;
/** A batch that nobody acknowledges is sent again after so long, twice as long each time. */
const RESEND_MS = 15_000;
const LONGEST_RESEND_MS = 120_000;
/** Unanswered so often: perhaps something in it stops the server. Half of it is tried. */
const TRIES = 2;
/** Round trips that the median is of. */
const TRIPS = 9;

export interface BatchSenderOptions {
  readonly outbox: EventOutbox;
  readonly clock: Clock;
  /** Sends one batch under an id; false when it could not go. */
  readonly send: (id: string, entries: Entries) => boolean;
  readonly newId: () => string;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

interface Flight {
  readonly id: string;
  readonly entries: Entries;
  sentAt: number;
  tries: number;
}

/** One batch under way at a time: while it is, others gather for the next one. */
export class BatchSender {
  readonly #options: BatchSenderOptions;
  readonly #stopListening: () => void;
  readonly #trips: number[] = [];
  /** Alone and never answered: let be while there are others. */
  readonly #parked = new Set<string>();
  #most = MOST_ENTRIES;
  #flight: Flight | undefined;
  #open = false;
  #cancel: (() => void) | undefined;
  #cancelParked: (() => void) | undefined;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
    this.#stopListening = options.outbox.onAdded(() => this.#next());
  }

  /** From a batch to its acknowledgement, median of the last few. */
  get rttMs(): number | undefined {
    return this.#trips.toSorted((one, other) => one - other)[Math.floor(this.#trips.length / 2)];
  }

  /** The server is there: what was under way goes again, then what waits. */
  open(): void {
    this.#open = true;
    this.#parked.clear();
    if (this.#flight) this.#send(this.#flight);
    else this.#next();
  }

  /** The server was not listening for a while: what it may have missed goes again at once, and its silence meant nothing. */
  again(): void {
    if (!this.#open) return;
    this.#parked.clear();
    const flight = this.#flight;
    if (!flight) {
      this.#next();
      return;
    }
    flight.tries = 0;
    flight.sentAt = this.#options.clock.monotonic();
    this.#send(flight);
  }

  /** The link is gone; what was under way stays as it is. */
  shut(): void {
    this.#open = false;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#cancelParked?.();
    this.#cancelParked = undefined;
  }

  acknowledged(batchId: string, ack: Ack): void {
    const flight = this.#flight;
    if (flight?.id !== batchId) return;
    const { outbox, clock, log } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#flight = undefined;
    if (flight.tries === 1) {
      this.#trips.push(clock.monotonic() - flight.sentAt);
      if (this.#trips.length > TRIPS) this.#trips.shift();
    }
    const ids = flight.entries.entries.map(({ id }) => id);
    const refused = ack.refused.filter((id) => ids.includes(id));
    if (refused.length > 0) log('entries-refused', { count: refused.length, first: refused[0] ?? '' });
    outbox.settle(ids, refused.length);
    this.#most = Math.min(MOST_ENTRIES, this.#most * 2);
    this.#next();
  }

  close(): void {
    this.shut();
    this.#stopListening();
  }

  #next(): void {
    if (!this.#open || this.#flight) return;
    const { outbox, newId, clock } = this.#options;
    const room = { entries: this.#most, bytes: MAX_PAYLOAD_BYTES - WRAPPING_BYTES };
    const entries = outbox.take(room, this.#parked);
    if (entries.length === 0) return;
    this.#flight = {
      id: newId(),
      entries: { entries, dropped: outbox.dropped },
      sentAt: clock.monotonic(),
      tries: 0,
    };
    this.#send(this.#flight);
  }

  /** However much comes meanwhile: what is parked has its turn. */
  #askAgainLater(): void {
    this.#cancelParked ??= this.#options.clock.after(LONGEST_RESEND_MS, () => {
      this.#cancelParked = undefined;
      this.#parked.clear();
      this.#next();
    });
  }

  #send(flight: Flight): void {
    flight.tries++;
    this.#options.send(flight.id, flight.entries);
    this.#cancel?.();
    const wait = Math.min(LONGEST_RESEND_MS, RESEND_MS * 2 ** (flight.tries - 1));
    this.#cancel = this.#options.clock.after(wait, () => {
      this.#cancel = undefined;
      if (flight.tries < TRIES) this.#send(flight);
      else this.#smaller(flight);
    });
  }

  /** Nobody answers: half as many go under a new id, and one alone that is never answered lets the others pass. */
  #smaller(flight: Flight): void {
    const ids = flight.entries.entries.map(({ id }) => id);
    const [only] = ids;
    this.#options.log('batch-not-acknowledged', { entries: ids.length });
    if (ids.length === 1 && only !== undefined) {
      this.#parked.add(only);
      this.#askAgainLater();
    }
    this.#most = Math.max(1, Math.floor(ids.length / 2));
    this.#options.outbox.giveBack(ids);
    this.#flight = undefined;
    this.#next();
  }
}
