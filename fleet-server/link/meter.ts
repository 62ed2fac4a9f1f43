/**
 * Follows the lengths of MQTT packets (3.1.1, 2.2.3) in a stream of bytes without keeping any of them: what is larger than
 * allowed is known from its head, before the broker gathers it.
 */
export class PacketMeter {
  #most: number;
  #left = 0;
  #factor = 0;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** From now on packets may have so many bytes behind their head. */
  allow(most: number): void {
    this.#most = most;
  }

  /** How many packets began in these bytes; undefined when one is too large or its length is none. */
  feed(bytes: Uint8Array): number | undefined {
    let packets = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
      } else if (this.#factor === 0) {
        packets += 1;
        this.#factor = 1;
        this.#length = 0;
        at += 1;
      } else {
        const digit = bytes[at] ?? 0;
        this.#length += (digit & 0x7f) * this.#factor;
        at += 1;
        if (this.#length > this.#most) return undefined;
        if (digit & 0x80) {
          this.#factor *= 128;
          if (this.#factor > 128 ** 3) return undefined;
        } else {
          this.#left = this.#length;
          this.#factor = 0;
        }
      }
    }
    return packets;
  }
}

/** So much a second, ten seconds' worth at once. */
export class Bucket {
  readonly #perSecond: number;
  #level: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#level = perSecond * 10;
    this.#at = now;
  }

  /** Takes it, whatever is left; answers after how many ms as much as was taken too much is there again. */
  take(amount: number, now: number): number {
    this.#level = Math.min(
      this.#perSecond * 10,
      this.#level + (Math.max(0, now - this.#at) / 1000) * this.#perSecond,
    );
    this.#at = now;
    this.#level -= amount;
    return this.#level >= 0 ? 0 : Math.ceil((-this.#level / this.#perSecond) * 1000);
  }
}
