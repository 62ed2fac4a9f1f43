import { timingSafeEqual } from 'node:crypto';
import { pad, unpad } from '../des.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { type Answer, type Command, PROTECTED, SW } from './command.ts';
import { joined, readAll, tlv } from './tlv.ts';

export interface SessionKeys {
  readonly suite: CipherSuite;
  readonly enc: Uint8Array;
  readonly mac: Uint8Array;
  /** Send sequence counter, as long as a block of the suite. */
  readonly counter: Uint8Array;
}

/** A protected command that is none: the status word says why, and the session is over. */
export class ProtectionFault extends Error {
  readonly sw: number;

  constructor(sw: number) {
    super(`secure messaging: ${sw.toString(16)}`);
    this.sw = sw;
  }
}

const ORDER: readonly number[] = [0x87, 0x85, 0x97, 0x8e];

/** Secure messaging as the card does it (cie-card.md 4.3 and 7.2): takes commands apart and wraps answers. */
export class SecureSession {
  readonly #keys: SessionKeys;
  readonly #counter: Uint8Array;

  constructor(keys: SessionKeys) {
    this.#keys = keys;
    this.#counter = Uint8Array.from(keys.counter);
  }

  /** The longest plain answer whose protected form fits into 256 bytes. */
  get room(): number {
    return this.#keys.suite.block === 8 ? 0xe7 : 0xdf;
  }

  #step(): Uint8Array {
    for (let at = this.#counter.length - 1; at >= 0; at -= 1) {
      const next = ((this.#counter[at] ?? 0) + 1) & 0xff;
      this.#counter[at] = next;
      if (next !== 0) break;
    }
    return this.#counter;
  }

  /**
   * The plain command inside. Throws `ProtectionFault`: 6987 when a data object is missing, 6988 when one is wrong. The
   * session must not be used afterwards.
   */
  unwrap(command: Command): Command {
    const { suite, enc, mac } = this.#keys;
    const counter = this.#step();
    const objects = readAll(command.data);
    if (!objects) throw new ProtectionFault(SW.secureMessagingWrong);
    const check = objects.at(-1);
    if (check?.tag !== 0x8e) throw new ProtectionFault(SW.secureMessagingMissing);
    const places = objects.map(({ tag }) => ORDER.indexOf(tag));
    if (places.some((place, at) => place < 0 || place <= (places[at - 1] ?? -1)))
      throw new ProtectionFault(SW.secureMessagingWrong);
    const body = command.data.subarray(0, command.data.length - 2 - check.value.length);
    const header = Uint8Array.of(command.cla, command.ins, command.p1, command.p2);
    const expected = suite.messageMac(mac, joined(counter, pad(header, suite.block), body));
    if (check.value.length !== 8 || !timingSafeEqual(expected, check.value))
      throw new ProtectionFault(SW.secureMessagingWrong);

    const odd = command.ins % 2 === 1;
    const cryptogram = objects.find(({ tag }) => tag === (odd ? 0x85 : 0x87));
    if (objects.some(({ tag }) => tag === (odd ? 0x87 : 0x85)))
      throw new ProtectionFault(SW.secureMessagingWrong);
    const wanted = objects.find(({ tag }) => tag === 0x97)?.value;
    if (wanted && (wanted.length === 0 || wanted.length > 2))
      throw new ProtectionFault(SW.secureMessagingWrong);
    const le = wanted?.reduce((sum, byte) => sum * 0x100 + byte, 0);
    const { ins, p1, p2, extended } = command;
    return {
      ins,
      p1,
      p2,
      extended,
      cla: command.cla & ~PROTECTED,
      data: cryptogram ? this.#opened(cryptogram.value, odd, enc, counter) : new Uint8Array(0),
      ...(le !== undefined && { le: le || (wanted?.length === 2 ? 0x10000 : 0x100) }),
    };
  }

  #opened(value: Uint8Array, odd: boolean, key: Uint8Array, counter: Uint8Array): Uint8Array {
    const { suite } = this.#keys;
    const cipher = odd ? value : value.subarray(1);
    if ((!odd && value[0] !== 1) || cipher.length === 0 || cipher.length % suite.block !== 0)
      throw new ProtectionFault(SW.secureMessagingWrong);
    const plain = unpad(suite.decrypt(key, suite.ivOf(key, counter), cipher));
    if (!plain) throw new ProtectionFault(SW.secureMessagingWrong);
    return plain;
  }

  /** The protected answer's data; its own status word goes behind it, outside. */
  wrap({ data, sw }: Answer, ins: number): Uint8Array {
    const { suite, enc, mac } = this.#keys;
    const counter = this.#step();
    const odd = ins % 2 === 1;
    const parts: Uint8Array[] = [];
    if (data.length > 0) {
      const cipher = suite.encrypt(enc, suite.ivOf(enc, counter), pad(data, suite.block));
      parts.push(odd ? tlv(0x85, cipher) : tlv(0x87, Uint8Array.of(1), cipher));
    }
    parts.push(tlv(0x99, Uint8Array.of(sw >> 8, sw & 0xff)));
    const body = joined(...parts);
    return joined(body, tlv(0x8e, suite.messageMac(mac, joined(counter, body))));
  }
}
