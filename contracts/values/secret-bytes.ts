/**
 * Bytes that must not outlive their use: PINs, CANs, session keys. The buffer is one of its own outside the garbage
 * collector's heap: a small `new Uint8Array(n)` lives inside it, is copied when the collector moves it, and the old place
 * is never wiped.
 */
export function secretBytes(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length));
}

/** Overwrites; undefined is let through so that a `finally` can wipe what was perhaps never made. */
export function wipe(...buffers: readonly (Uint8Array | undefined)[]): void {
  for (const buffer of buffers) buffer?.fill(0);
}

/** Digits typed one by one into a buffer that is wiped: no string of the whole ever exists. */
export class SecretDigits {
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = secretBytes(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** False when there is no room: nothing is dropped silently. */
  push(digit: number): boolean {
    if (!Number.isInteger(digit) || digit < 0 || digit > 9 || this.#length === this.#bytes.length)
      return false;
    this.#bytes[this.#length] = 0x30 + digit;
    this.#length += 1;
    return true;
  }

  erase(): void {
    if (this.#length === 0) return;
    this.#length -= 1;
    this.#bytes[this.#length] = 0;
  }

  /** ASCII digits, a view and not a copy: gone with `wipe`. */
  ascii(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** In constant time for equal lengths. */
  equals(other: SecretDigits): boolean {
    if (other.#length !== this.#length) return false;
    let difference = 0;
    for (let at = 0; at < this.#length; at += 1) {
      difference |= (this.#bytes[at] ?? 0) ^ (other.#bytes[at] ?? 0);
    }
    return difference === 0;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#length = 0;
  }

  toJSON(): string {
    return '[hidden]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[hidden]';
  }
}
