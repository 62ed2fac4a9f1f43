import { joined } from './bytes.ts';
import { encodeError, type ZvtWireErrorCode } from './errors.ts';

/** One application message (pos.md 2): class and instruction, then data. */
export interface Apdu {
  /** Class in the high byte, instruction in the low one: 0x060f. */
  readonly control: number;
  readonly data: Uint8Array;
  /** The length was written in three bytes (`FF lo hi`). */
  readonly extended: boolean;
}

const EXTENDED = 0xff;
const LONGEST = 0xffff;

/** Writes the length in one byte up to 254, else in three. Throws `ZVT_UNENCODABLE` beyond 65535 bytes of data. */
export function encodeApdu(control: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  if (data.length > LONGEST) throw encodeError('ZVT_UNENCODABLE', { field: 'length' });
  const length = data.length < EXTENDED ? [data.length] : [EXTENDED, data.length & 0xff, data.length >> 8];
  return joined([Uint8Array.of(control >> 8, control & 0xff, ...length), data]);
}

export interface ApduHead {
  readonly control: number;
  readonly length: number;
  readonly extended: boolean;
  /** Bytes before the data. */
  readonly size: number;
}

/** Class, instruction and length at `at`; undefined while they are not all there. */
export function headAt(bytes: Uint8Array, at = 0): ApduHead | undefined {
  const [high, low, first] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (high === undefined || low === undefined || first === undefined) return undefined;
  const control = (high << 8) | low;
  if (first !== EXTENDED) return { control, length: first, extended: false, size: 3 };
  const [lo, hi] = [bytes[at + 3], bytes[at + 4]];
  if (lo === undefined || hi === undefined) return undefined;
  return { control, length: lo | (hi << 8), extended: true, size: 5 };
}

/** Exactly one APDU, as a serial frame carries it; undefined when its length says otherwise. */
export function apduOf(bytes: Uint8Array): Apdu | undefined {
  const head = headAt(bytes);
  if (!head || head.size + head.length !== bytes.length) return undefined;
  return { control: head.control, data: bytes.subarray(head.size), extended: head.extended };
}

/** Something read on the wire. `skipped` bytes before it belonged to nothing. */
export type ZvtWireItem =
  | { readonly wire: 'apdu'; readonly apdu: Apdu; readonly skipped: number }
  | { readonly wire: 'ack' | 'nak'; readonly skipped: number }
  | { readonly wire: 'error'; readonly code: ZvtWireErrorCode; readonly skipped: number }
  /** Only from `end()`: the record stops inside a message. */
  | {
      readonly wire: 'incomplete';
      readonly head?: ApduHead;
      /** What of its data was there. */
      readonly data: Uint8Array;
      readonly skipped: number;
    };

/** Cuts a stream into items, whatever its fragmentation. */
export interface ZvtReader {
  push(chunk: Uint8Array): ZvtWireItem[];
  /** What is left when nothing more comes. */
  end(): ZvtWireItem[];
  reset(): void;
  /** Bytes of a message that has begun. */
  readonly pending: number;
}

/** Classes of the application protocol: commands, status, display (04, 05, 06, 08, 0F) and answers (80, 84). */
const CLASSES = new Set([0x04, 0x05, 0x06, 0x08, 0x0f, 0x80, 0x84]);

/**
 * The reader of a TCP connection: APDUs one after another with nothing between them. A byte that can start none is dropped and
 * reported: after that the stream means little, and the connection is best opened anew.
 */
export class ApduReader implements ZvtReader {
  #buffer: Uint8Array = new Uint8Array();
  #skipped = 0;

  get pending(): number {
    return this.#buffer.length;
  }

  push(chunk: Uint8Array): ZvtWireItem[] {
    const bytes = this.#buffer.length === 0 ? chunk : joined([this.#buffer, chunk]);
    const items: ZvtWireItem[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (!CLASSES.has(bytes[at] as number)) {
        if (this.#skipped++ === 0) items.push({ wire: 'error', code: 'ZVT_NOISE', skipped: 0 });
        at++;
        continue;
      }
      const head = headAt(bytes, at);
      if (!head || at + head.size + head.length > bytes.length) break;
      const from = at + head.size;
      at = from + head.length;
      const { control, extended } = head;
      items.push({
        wire: 'apdu',
        apdu: { control, data: Uint8Array.from(bytes.subarray(from, at)), extended },
        skipped: this.#takeSkipped(),
      });
    }
    this.#buffer = Uint8Array.from(bytes.subarray(at));
    return items;
  }

  end(): ZvtWireItem[] {
    if (this.#buffer.length === 0) return [];
    const head = headAt(this.#buffer);
    const item: ZvtWireItem = {
      wire: 'incomplete',
      ...(head && { head }),
      data: this.#buffer.subarray(head?.size ?? this.#buffer.length),
      skipped: this.#takeSkipped(),
    };
    this.reset();
    return [item];
  }

  reset(): void {
    this.#buffer = new Uint8Array();
    this.#skipped = 0;
  }

  #takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }
}
