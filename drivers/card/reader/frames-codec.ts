import { secretBytes, wipe } from '@jolly/contracts/values';

/** Length prefix, big endian: 2 bytes on the virtual slot's wire (cie-card.md 11), 4 towards the PC/SC process. */
export type PrefixLength = 2 | 4;

/** One frame in a buffer of its own, since it may carry a PIN: the caller wipes it once it is written. */
export function encodeFrame(prefix: PrefixLength, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length === 0 || length > (prefix === 2 ? 0xffff : 0x7fff_ffff)) {
    throw new RangeError(`a frame cannot have ${length} bytes`);
  }
  const frame = secretBytes(prefix + length);
  const view = new DataView(frame.buffer);
  if (prefix === 2) view.setUint16(0, length);
  else view.setUint32(0, length);
  let at: number = prefix;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Why a stream of frames is given up: a frame without a body, or one longer than agreed. */
export type FrameFault = 'empty-frame' | 'frame-too-long';

/**
 * Puts frames together from pieces of any size. Memory: one buffer of the longest frame, whatever comes; it is wiped
 * behind every frame. After a fault nothing more is taken.
 */
export class FrameReader {
  readonly #prefix: PrefixLength;
  readonly #buffer: Uint8Array;
  readonly #view: DataView;
  #filled = 0;
  #fault: FrameFault | undefined;

  constructor(prefix: PrefixLength, longestBody: number) {
    this.#prefix = prefix;
    this.#buffer = secretBytes(prefix + longestBody);
    this.#view = new DataView(this.#buffer.buffer);
  }

  get fault(): FrameFault | undefined {
    return this.#fault;
  }

  /** Bytes of a frame that is not whole yet. */
  get pending(): number {
    return this.#filled;
  }

  /** `onBody` gets a view that is wiped when it returns: what is to stay is copied. */
  push(bytes: Uint8Array, onBody: (body: Uint8Array) => void): FrameFault | undefined {
    let at = 0;
    while (at < bytes.length && this.#fault === undefined) {
      const wanted = this.#filled < this.#prefix ? this.#prefix : this.#prefix + this.#bodyLength();
      const piece = bytes.subarray(at, at + wanted - this.#filled);
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled < this.#prefix) break;
      const length = this.#bodyLength();
      if (length === 0) this.#fault = 'empty-frame';
      else if (length > this.#buffer.length - this.#prefix) this.#fault = 'frame-too-long';
      else if (this.#filled === this.#prefix + length) {
        const frame = this.#buffer.subarray(0, this.#filled);
        this.#filled = 0;
        try {
          onBody(frame.subarray(this.#prefix));
        } finally {
          wipe(frame);
        }
      }
    }
    if (this.#fault !== undefined) this.wipe();
    return this.#fault;
  }

  wipe(): void {
    wipe(this.#buffer);
    this.#filled = 0;
  }

  #bodyLength(): number {
    return this.#prefix === 2 ? this.#view.getUint16(0) : this.#view.getUint32(0);
  }
}
