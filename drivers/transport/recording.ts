import type { LinkState, Transport, TransportEvents } from './port.ts';

/** Seen from the kiosk: `out` is what the driver wrote. */
export type WireDirection = 'in' | 'out';

/** What is kept of bytes that went over a wire: masked ones of a frame that was recognised, else how many they were. */
export type RecordedBytes = { readonly kept: Uint8Array } | { readonly dropped: number };

/**
 * Cuts one direction of a wire into frames. What it cannot recognise comes out as a number of bytes, never as bytes: a person's
 * data can stand in noise too.
 */
export interface RecordingFramer {
  push(bytes: Uint8Array): readonly (Uint8Array | number)[];
  /** Bytes held of a frame that is not whole yet. */
  readonly pending: number;
}

/** How a protocol is recorded. `mask` gets whole frames only, and gives the frame without anybody's data. */
export interface WireMask {
  framer(direction: WireDirection): RecordingFramer;
  mask(direction: WireDirection, frame: Uint8Array): Uint8Array;
}

/** For a protocol without a mask of its own: lengths and instants only. */
export const LENGTHS_ONLY: WireMask = {
  framer: () => ({ push: (bytes) => [bytes.length], pending: 0 }),
  mask: () => new Uint8Array(0),
};

/** One thing that happened on a wire, ready for the disk. */
export type RecordedEvent =
  | ({ readonly direction: WireDirection } & RecordedBytes)
  | { readonly state: LinkState; readonly reason?: string };

/**
 * Where recordings go. `session` is 0 while nothing is recorded, and another number with each new recording: a wire then
 * begins with a fresh framer, since the one before may stand in the middle of a frame.
 */
export interface RecordSink {
  readonly session: number;
  take(uri: string, event: RecordedEvent): void;
}

/** Masks what one direction carries. */
class MaskedStream {
  readonly #direction: WireDirection;
  readonly #mask: WireMask;
  readonly #framer: RecordingFramer;

  constructor(direction: WireDirection, mask: WireMask) {
    this.#direction = direction;
    this.#mask = mask;
    this.#framer = mask.framer(direction);
  }

  push(bytes: Uint8Array): readonly RecordedBytes[] {
    return this.#framer
      .push(bytes)
      .map((piece) =>
        typeof piece === 'number' ? { dropped: piece } : { kept: this.#mask.mask(this.#direction, piece) },
      );
  }

  /** A frame that was begun and will not be ended. */
  end(): readonly RecordedBytes[] {
    return this.#framer.pending > 0 ? [{ dropped: this.#framer.pending }] : [];
  }
}

/** A mask at work on both directions of one connection; also what a replay compares with. */
export class MaskedWire {
  readonly #mask: WireMask;
  #streams: Readonly<Record<WireDirection, MaskedStream>>;

  constructor(mask: WireMask) {
    this.#mask = mask;
    this.#streams = this.#fresh();
  }

  push(direction: WireDirection, bytes: Uint8Array): readonly RecordedBytes[] {
    return this.#streams[direction].push(bytes);
  }

  /** The connection is over, or another recording begins. */
  end(): readonly RecordedEvent[] {
    const left = (['in', 'out'] as const).flatMap((direction) =>
      this.#streams[direction].end().map((piece) => ({ direction, ...piece })),
    );
    this.#streams = this.#fresh();
    return left;
  }

  #fresh(): Readonly<Record<WireDirection, MaskedStream>> {
    return { in: new MaskedStream('in', this.#mask), out: new MaskedStream('out', this.#mask) };
  }
}

/** A transport that tells a sink what goes over it, masked. Changes nothing of what goes. */
export class RecordedTransport implements Transport {
  readonly #inner: Transport;
  readonly #sink: RecordSink;
  readonly #wire: MaskedWire;
  #session = 0;

  constructor(inner: Transport, sink: RecordSink, mask: WireMask) {
    this.#inner = inner;
    this.#sink = sink;
    this.#wire = new MaskedWire(mask);
  }

  get uri(): string {
    return this.#inner.uri;
  }
  get state(): Transport['state'] {
    return this.#inner.state;
  }
  get counters(): Transport['counters'] {
    return this.#inner.counters;
  }

  start(events: TransportEvents): void {
    this.#inner.start({
      data: (bytes) => {
        this.#took('in', bytes);
        events.data(bytes);
      },
      state: (state, reason) => {
        if (this.#recording()) {
          for (const event of this.#wire.end()) this.#sink.take(this.uri, event);
          this.#sink.take(this.uri, { state, ...(reason === undefined ? {} : { reason }) });
        }
        events.state(state, reason);
      },
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    // before it goes: an answer can be here before the write's promise is
    if (this.#inner.state === 'open') this.#took('out', bytes);
    return this.#inner.write(bytes);
  }

  reopen(reason: string): void {
    this.#inner.reopen(reason);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #recording(): boolean {
    const { session } = this.#sink;
    if (session !== this.#session) this.#wire.end();
    this.#session = session;
    return session !== 0;
  }

  #took(direction: WireDirection, bytes: Uint8Array): void {
    if (!this.#recording()) return;
    for (const piece of this.#wire.push(direction, bytes)) this.#sink.take(this.uri, { direction, ...piece });
  }
}

/** For protocols of whole texts, each a message: tells the sink one, masked, while something is recorded. */
export const messageRecorder =
  (sink: RecordSink | undefined, uri: string, mask: WireMask['mask']) =>
  (direction: WireDirection, message: string): void => {
    if (!sink || sink.session === 0) return;
    sink.take(uri, { direction, kept: mask(direction, new TextEncoder().encode(message)) });
  };
