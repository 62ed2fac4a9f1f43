import { ascii, sameBytes } from './tlv.ts';

const FILLING = 0xff;

/** Numbers shorter than 8 digits are kept as the TS-CNS sends them: filled up with FF. */
function filled(digits: Uint8Array): Uint8Array {
  const whole = new Uint8Array(8).fill(FILLING);
  whole.set(digits.subarray(0, 8));
  return whole;
}

/** A PIN or PUK with its counter, which outlives resets and removals. */
export class SecretNumber {
  readonly #original: string;
  readonly #limit: number;
  readonly #startLeft: number;
  #value: Uint8Array;
  #left: number;

  constructor(digits: string, limit: number, left: number = limit) {
    this.#original = digits;
    this.#limit = limit;
    this.#startLeft = left;
    this.#value = filled(ascii(digits));
    this.#left = left;
  }

  get left(): number {
    return this.#left;
  }

  get blocked(): boolean {
    return this.#left === 0;
  }

  /** As the panel shows it: without the filling of a TS-CNS. */
  get digits(): string {
    return Buffer.from(this.#value.filter((byte) => byte !== FILLING)).toString('latin1');
  }

  /** Spends a try when it is wrong and gives them all back when it is right. */
  check(typed: Uint8Array): boolean {
    if (this.blocked) return false;
    const right = sameBytes(filled(typed), this.#value);
    this.#left = right ? this.#limit : this.#left - 1;
    return right;
  }

  set(value: Uint8Array): void {
    this.#value = filled(value);
  }

  /** All tries again, or as many as named. */
  refill(left: number = this.#limit): void {
    this.#left = left;
  }

  /** As it was when the card was made. */
  restore(): void {
    this.#value = filled(ascii(this.#original));
    this.#left = this.#startLeft;
  }

  /** Status word after a wrong one, and for a question without one. */
  get word(): number {
    return this.blocked ? 0x6983 : 0x63c0 + this.#left;
  }
}
