/** A request a printer answers at once, even when it is offline or its buffer is full (printing.md 1.1). */
export type RealtimeRequest =
  | { readonly request: 'status'; readonly n: number }
  /** `10 05 n`: 1 resume, 2 clear the buffers. */
  | { readonly request: 'recover'; readonly n: number }
  /** `10 14 08 01 03 14 01 06 02 08`: clear the buffers, answered by `37 25 00`. */
  | { readonly request: 'clear-buffer' };

const CLEAR = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08] as const;

/**
 * Finds real-time requests in the stream as it arrives, before anything is queued. The bytes stay in the stream: the
 * reader of commands passes over them later. Holds at most ten bytes.
 */
export class RealtimeScanner {
  #held: number[] = [];

  push(bytes: Uint8Array): readonly RealtimeRequest[] {
    const requests: RealtimeRequest[] = [];
    for (const byte of bytes) {
      this.#held.push(byte);
      this.#settle(requests);
    }
    return requests;
  }

  reset(): void {
    this.#held = [];
  }

  #settle(requests: RealtimeRequest[]): void {
    while (this.#held.length > 0) {
      const [first, second, third] = this.#held;
      if (first !== 0x10) {
        this.#held.shift();
        continue;
      }
      if (second === undefined) return;
      if (second === 0x04 || second === 0x05) {
        if (third === undefined) return;
        requests.push(second === 0x04 ? { request: 'status', n: third } : { request: 'recover', n: third });
        this.#held.splice(0, 3);
        continue;
      }
      if (this.#held.every((byte, at) => byte === CLEAR[at])) {
        if (this.#held.length < CLEAR.length) return;
        requests.push({ request: 'clear-buffer' });
        this.#held = [];
        continue;
      }
      this.#held.shift();
    }
  }
}
