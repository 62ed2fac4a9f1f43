import { isAsbStart, isDleEot, isStatusByte } from './status.ts';

/** One thing a printer said, cut out of the mixed stream (printing.md 1.1). */
export type PrinterReply =
  | { readonly reply: 'dle-eot'; readonly byte: number }
  | { readonly reply: 'asb'; readonly bytes: Uint8Array }
  /** GS r, ESC v or another request answered by one byte. */
  | { readonly reply: 'status'; readonly byte: number }
  | { readonly reply: 'full-status'; readonly bytes: Uint8Array }
  /** `header … 00`: identity (5F), clear response (37 25)…; without header and end. */
  | { readonly reply: 'block'; readonly header: number; readonly bytes: Uint8Array }
  | { readonly reply: 'flow'; readonly go: boolean }
  /** A byte that belongs to nothing we know: dropped, and counted by the driver. */
  | { readonly reply: 'stray'; readonly byte: number };

/** A block longer than this is noise: identities have at most 80 bytes. */
const MAX_BLOCK = 128;
const blockHeaders = new Set([0x5f, 0x37, 0x3b, 0x3d]);

/**
 * Takes a printer's stream apart, in any fragmentation. Holds at most `MAX_BLOCK` bytes. With `fullStatus` the pair
 * `10 0F` begins a Custom full status; elsewhere it would be the start of an automatic one.
 */
export class ReplySplitter {
  readonly #fullStatus: boolean;
  #held: number[] = [];

  constructor(options: { readonly fullStatus?: boolean } = {}) {
    this.#fullStatus = options.fullStatus ?? false;
  }

  push(bytes: Uint8Array): readonly PrinterReply[] {
    const replies: PrinterReply[] = [];
    for (const byte of bytes) {
      this.#held.push(byte);
      this.#take(replies);
    }
    return replies;
  }

  /** Forgets a started message: after a reconnection its rest will not come. */
  reset(): void {
    this.#held = [];
  }

  #take(replies: PrinterReply[]): void {
    while (this.#held.length > 0) {
      const taken = this.#next();
      if (taken === undefined) return;
      this.#held.splice(0, taken.length);
      replies.push(taken.reply);
    }
  }

  #next(): { readonly reply: PrinterReply; readonly length: number } | undefined {
    const held = this.#held;
    const first = held[0] ?? 0;
    if (first === 0x11 || first === 0x13) {
      return { reply: { reply: 'flow', go: first === 0x11 }, length: 1 };
    }
    if (blockHeaders.has(first)) return this.#block(first);
    if (isDleEot(first)) return { reply: { reply: 'dle-eot', byte: first }, length: 1 };
    if (this.#fullStatus && first === 0x10 && (held.length === 1 || held[1] === 0x0f)) {
      if (held.length < 6) return undefined;
      return { reply: { reply: 'full-status', bytes: Uint8Array.from(held.slice(0, 6)) }, length: 6 };
    }
    if (isAsbStart(first)) {
      const next = held.slice(1, 4);
      if (!next.every(isStatusByte)) return { reply: { reply: 'stray', byte: first }, length: 1 };
      if (held.length < 4) return undefined;
      return { reply: { reply: 'asb', bytes: Uint8Array.from(held.slice(0, 4)) }, length: 4 };
    }
    if (isStatusByte(first)) return { reply: { reply: 'status', byte: first }, length: 1 };
    return { reply: { reply: 'stray', byte: first }, length: 1 };
  }

  #block(header: number): { readonly reply: PrinterReply; readonly length: number } | undefined {
    const end = this.#held.indexOf(0);
    if (end > 0) {
      const bytes = Uint8Array.from(this.#held.slice(1, end));
      return { reply: { reply: 'block', header, bytes }, length: end + 1 };
    }
    return this.#held.length < MAX_BLOCK ? undefined : { reply: { reply: 'stray', byte: header }, length: 1 };
  }
}
