import { ETX, type LrcMode, lrcOf, modeThatFits, STX } from './lrc.ts';

const SOH = 0x01;
const EOT = 0x04;
const ACK = 0x06;
const NAK = 0x15;
/** Longest payload known: VAS, 26 + 1024 characters; twice that is noise. */
const MAX_PAYLOAD = 2_048;
/** Published: 20 characters; some leave the padding out or write a little more. */
const MAX_PROGRESS = 64;

export type WireErrorCode =
  /** A whole packet whose check byte is wrong: answer NAK. */
  | 'ECR17_LRC'
  /** ACK or NAK whose check byte is wrong: not an acknowledgement. */
  | 'ECR17_CONTROL_LRC'
  /** A packet was cut by the start of another one. */
  | 'ECR17_TRUNCATED'
  /** No end of packet within any length known. */
  | 'ECR17_TOO_LONG'
  /** Bytes that start no packet. */
  | 'ECR17_NOISE';

/** What a stream of bytes is made of. `skipped`: bytes of noise dropped before it. */
export type WireItem = { readonly skipped: number } & (
  | { readonly wire: 'frame'; readonly payload: Uint8Array }
  | { readonly wire: 'progress'; readonly text: string }
  | { readonly wire: 'ack' }
  | { readonly wire: 'nak' }
  | { readonly wire: 'incomplete' }
  | { readonly wire: 'error'; readonly code: WireErrorCode; readonly fits?: LrcMode }
);

const startsPacket = (byte: number | undefined) =>
  byte === STX || byte === SOH || byte === ACK || byte === NAK;

const ascii = (bytes: Uint8Array, from: number, to: number): string => {
  let text = '';
  for (let index = from; index < to; index++) text += String.fromCharCode(bytes[index] as number);
  return text;
};

type Step =
  | { readonly take: number; readonly item?: DistributiveOmit<WireItem, 'skipped'> }
  | { readonly wait: true };
type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

const wait: Step = { wait: true };
/** One byte that starts nothing: dropped and counted. */
const noise: Step = { take: 1 };

function control(bytes: Uint8Array, at: number, mode: LrcMode): Step {
  if (bytes.length - at < 2) return wait;
  if (bytes[at + 1] !== ETX) return noise;
  if (bytes.length - at < 3) return wait;
  const lrc = bytes[at + 2] as number;
  if (lrc === lrcOf(bytes, mode, at, at + 1)) {
    return { take: 3, item: { wire: bytes[at] === ACK ? 'ack' : 'nak' } };
  }
  const fits = modeThatFits(bytes, at, at + 1, lrc);
  // The third byte may be the start of the next packet, when it was the check byte that got lost.
  return {
    take: startsPacket(lrc) ? 2 : 3,
    item: { wire: 'error', code: 'ECR17_CONTROL_LRC', ...(fits && { fits }) },
  };
}

function frame(bytes: Uint8Array, at: number, mode: LrcMode): Step {
  const limit = Math.min(bytes.length, at + 1 + MAX_PAYLOAD + 1);
  let end = at + 1;
  while (end < limit && bytes[end] !== ETX) {
    if (bytes[end] === STX) return { take: end - at, item: { wire: 'error', code: 'ECR17_TRUNCATED' } };
    end++;
  }
  if (end - at - 1 > MAX_PAYLOAD) return { take: end - at, item: { wire: 'error', code: 'ECR17_TOO_LONG' } };
  if (end + 1 >= bytes.length) return wait;
  const lrc = bytes[end + 1] as number;
  if (lrc === lrcOf(bytes, mode, at + 1, end)) {
    return { take: end + 2 - at, item: { wire: 'frame', payload: bytes.slice(at + 1, end) } };
  }
  const fits = modeThatFits(bytes, at + 1, end, lrc);
  return {
    take: end + (startsPacket(lrc) ? 1 : 2) - at,
    item: { wire: 'error', code: 'ECR17_LRC', ...(fits && { fits }) },
  };
}

function progress(bytes: Uint8Array, at: number): Step {
  for (let end = at + 1; end < bytes.length; end++) {
    const byte = bytes[end] as number;
    if (byte === EOT)
      return { take: end + 1 - at, item: { wire: 'progress', text: ascii(bytes, at + 1, end).trimEnd() } };
    if (byte < 0x20) return { take: end - at, item: { wire: 'error', code: 'ECR17_TRUNCATED' } };
    if (end - at > MAX_PROGRESS)
      return { take: end + 1 - at, item: { wire: 'error', code: 'ECR17_TOO_LONG' } };
  }
  return wait;
}

function next(bytes: Uint8Array, at: number, mode: LrcMode): Step {
  const lead = bytes[at];
  if (lead === STX) return frame(bytes, at, mode);
  if (lead === ACK || lead === NAK) return control(bytes, at, mode);
  if (lead === SOH) return progress(bytes, at);
  return noise;
}

/**
 * Cuts a stream of bytes into packets (pos.md 1.1). What comes out does not depend on how the bytes were chunked. Holds
 * at most one unfinished packet (2 KiB); never throws.
 */
export class FrameReader {
  readonly mode: LrcMode;
  #rest: Uint8Array = new Uint8Array(0);
  #skipped = 0;

  constructor(mode: LrcMode) {
    this.mode = mode;
  }

  /** Bytes kept back because their packet is not whole yet. */
  get pending(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): WireItem[] {
    const bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    const items: WireItem[] = [];
    let at = 0;
    while (at < bytes.length) {
      const step = next(bytes, at, this.mode);
      if ('wait' in step) break;
      at += step.take;
      if (!step.item) {
        this.#skipped += step.take;
        continue;
      }
      items.push({ ...step.item, skipped: this.#skipped });
      this.#skipped = 0;
    }
    this.#rest = bytes.slice(at);
    return items;
  }

  /** What is left when nothing more comes: noise, an unfinished packet, or nothing. The reader is then as new. */
  end(): WireItem[] {
    const skipped = this.#skipped;
    const unfinished = this.#rest.length > 0;
    this.reset();
    if (unfinished) return [{ wire: 'incomplete', skipped }];
    return skipped > 0 ? [{ wire: 'error', code: 'ECR17_NOISE', skipped }] : [];
  }

  reset(): void {
    this.#rest = new Uint8Array(0);
    this.#skipped = 0;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** `STX payload ETX LRC`. */
export function encodeFrame(payload: Uint8Array, mode: LrcMode): Uint8Array {
  const bytes = new Uint8Array(payload.length + 3);
  bytes[0] = STX;
  bytes.set(payload, 1);
  bytes[payload.length + 1] = ETX;
  bytes[payload.length + 2] = lrcOf(payload, mode);
  return bytes;
}

export function encodeControl(kind: 'ack' | 'nak', mode: LrcMode): Uint8Array {
  const byte = kind === 'ack' ? ACK : NAK;
  return Uint8Array.of(byte, ETX, lrcOf(Uint8Array.of(byte), mode));
}

/** `SOH` 20 characters `EOT`; longer texts are cut. */
export function encodeProgress(text: string): Uint8Array {
  const padded = text.slice(0, 20).padEnd(20);
  return Uint8Array.from([SOH, ...Array.from(padded, (letter) => letter.charCodeAt(0) & 0x7f), EOT]);
}
