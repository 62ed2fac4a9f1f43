import type { Clock } from '@jolly/contracts/values';
import {
  ApduReader,
  encodeSerialControl,
  encodeSerialFrame,
  SerialReader,
  type ZvtReader,
} from './codec/index.ts';

export interface CarrierCounters {
  acksIn: number;
  naksIn: number;
  naksOut: number;
  repetitions: number;
}

/** How APDUs travel: bare over TCP, in confirmed frames over a serial line. What TCP sees to by itself is optional. */
export interface Carrier {
  readonly reader: ZvtReader;
  /** Sends one APDU. `once`: never repeated. `refused` is called when the other end will not take it. */
  send(apdu: Uint8Array, options: { readonly once: boolean; readonly refused?: () => void }): void;
  /** Bytes came; for the time limits between bytes. */
  heardBytes?(): void;
  /** A whole APDU came: confirmed at once, before it is looked at (pos.md 2). It also shows that ours arrived. */
  heardApdu?(): void;
  heard?(what: 'ack' | 'nak'): void;
  /** A frame came damaged: the other end shall send it again. */
  damaged?(): void;
  reset(): void;
}

/** TCP: the transport sees to everything. */
export class TcpCarrier implements Carrier {
  readonly reader = new ApduReader();
  readonly #write: (bytes: Uint8Array) => void;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  send(apdu: Uint8Array): void {
    this.#write(apdu);
  }
  reset(): void {
    this.reader.reset();
  }
}

const BETWEEN_BYTES_MS = 200;
const REPETITIONS = 2;

interface Outgoing {
  readonly frame: Uint8Array;
  readonly refused: (() => void) | undefined;
  repetitionsLeft: number;
  cancel: () => void;
}

/**
 * A serial line (pos.md 2): every frame is answered with ACK or NAK; on NAK, or on silence for T2, it is repeated twice. A frame
 * that is sent once is never repeated: silence about it says nothing, a NAK says that it was not taken.
 */
export class SerialCarrier implements Carrier {
  readonly reader = new SerialReader();
  readonly #write: (bytes: Uint8Array) => void;
  readonly #clock: Clock;
  readonly #ackMs: number;
  readonly #counters: CarrierCounters;
  #outgoing: Outgoing | undefined;
  #cancelGap: (() => void) | undefined;

  constructor(
    write: (bytes: Uint8Array) => void,
    options: { readonly clock: Clock; readonly ackMs: number; readonly counters: CarrierCounters },
  ) {
    this.#write = write;
    this.#clock = options.clock;
    this.#ackMs = options.ackMs;
    this.#counters = options.counters;
  }

  send(apdu: Uint8Array, { once, refused }: { readonly once: boolean; readonly refused?: () => void }): void {
    this.#outgoing?.cancel();
    this.#outgoing = {
      frame: encodeSerialFrame(apdu),
      refused,
      repetitionsLeft: once ? 0 : REPETITIONS,
      cancel: () => undefined,
    };
    this.#transmit(this.#outgoing);
  }

  heardBytes(): void {
    this.#cancelGap?.();
    this.#cancelGap = undefined;
    if (this.reader.pending === 0) return;
    this.#cancelGap = this.#clock.after(BETWEEN_BYTES_MS, () => {
      this.#cancelGap = undefined;
      this.reader.reset();
      this.damaged();
    });
  }

  heardApdu(): void {
    this.#confirmed();
    this.#write(encodeSerialControl('ack'));
  }

  heard(what: 'ack' | 'nak'): void {
    if (what === 'ack') {
      this.#counters.acksIn++;
      this.#confirmed();
      return;
    }
    this.#counters.naksIn++;
    const outgoing = this.#outgoing;
    if (outgoing && !this.#repeat(outgoing)) {
      this.#confirmed();
      outgoing.refused?.();
    }
  }

  damaged(): void {
    this.#counters.naksOut++;
    this.#write(encodeSerialControl('nak'));
  }

  reset(): void {
    this.reader.reset();
    this.#cancelGap?.();
    this.#cancelGap = undefined;
    this.#confirmed();
  }

  #transmit(outgoing: Outgoing): void {
    outgoing.cancel = this.#clock.after(this.#ackMs, () => void this.#repeat(outgoing));
    this.#write(outgoing.frame);
  }

  /** False when it has been sent as often as it may be. */
  #repeat(outgoing: Outgoing): boolean {
    outgoing.cancel();
    if (outgoing !== this.#outgoing || outgoing.repetitionsLeft === 0) return false;
    outgoing.repetitionsLeft--;
    this.#counters.repetitions++;
    this.#transmit(outgoing);
    return true;
  }

  #confirmed(): void {
    this.#outgoing?.cancel();
    this.#outgoing = undefined;
  }
}
