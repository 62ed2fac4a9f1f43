import { concat, numberBytes } from './tlv.ts';

/** One message of the virtual reader's wire: `length (2, big endian) | body` (cie-card.md 11). */
export type ReaderMessage =
  | { readonly kind: 'power-off' | 'power-on' | 'reset' | 'atr' }
  | { readonly kind: 'apdu'; readonly bytes: Uint8Array };

const CONTROL = new Map([
  [0x00, 'power-off'],
  [0x01, 'power-on'],
  [0x02, 'reset'],
  [0x04, 'atr'],
] as const);

export class ReaderWireError extends Error {}

export const frame = (body: Uint8Array): Uint8Array => concat(numberBytes(body.length, 2), body);

/** Puts the stream together again. Throws `ReaderWireError` for what the protocol does not have: empty or unknown messages. */
export class ReaderFrames {
  #waiting: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): readonly ReaderMessage[] {
    this.#waiting = concat(this.#waiting, chunk);
    const messages: ReaderMessage[] = [];
    for (;;) {
      const [high, low] = this.#waiting;
      if (high === undefined || low === undefined) return messages;
      const length = high * 256 + low;
      if (length === 0) throw new ReaderWireError('empty message');
      if (this.#waiting.length < 2 + length) return messages;
      const body = this.#waiting.slice(2, 2 + length);
      this.#waiting = this.#waiting.slice(2 + length);
      messages.push(length === 1 ? control(body[0] ?? 0) : { kind: 'apdu', bytes: body });
    }
  }
}

function control(byte: number): ReaderMessage {
  const kind = CONTROL.get(byte as 0);
  if (!kind) throw new ReaderWireError('unknown control byte');
  return { kind };
}
