import { secretBytes, wipe } from '@jolly/contracts/values';
import { type FillRandom, modPow } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import { bytesToNumber, numberToBytes } from './big-numbers.ts';
import type { Curve } from './curves.ts';
import type { ModpGroup } from './modp-groups.ts';

const bad = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'key-agreement', why });

/** `secret` is big-endian and off the heap: wipe it. Numbers made of it during a computation cannot be wiped. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secret: Uint8Array;
}

/**
 * Diffie-Hellman in one group with one generator. Keys of the other side are checked before use: in the group, not its
 * neutral element, not one's own (9303-11 4.4.1); errors are CARD_ANSWER_INVALID, step `key-agreement`.
 */
export interface KeyGroup {
  readonly kind: 'ecdh' | 'dh';
  generate(fill: FillRandom): KeyPair;
  /** Shared secret: x coordinate or number, at its full fixed length, off the heap. */
  agree(own: KeyPair, other: Uint8Array): Uint8Array;
  /** Generic mapping: the same group with the generator s·G + own·other (9303-11 4.4.3.3). */
  map(nonce: Uint8Array, own: KeyPair, other: Uint8Array): KeyGroup;
}

/** A uniform number in [1, order), as bytes. Random bytes that do not fit are thrown away and drawn again. */
function secretBelow(order: bigint, fill: FillRandom): Uint8Array {
  const bits = order.toString(2).length;
  const secret = secretBytes(Math.ceil(bits / 8));
  for (let draw = 0; draw < 128; draw += 1) {
    fill(secret);
    if (bits % 8 !== 0) secret[0] = (secret[0] ?? 0) & (2 ** (bits % 8) - 1);
    const number = bytesToNumber(secret);
    if (number > 0n && number < order) return secret;
  }
  throw new Error('the random source gives no number below the order of the group');
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

class CurveGroup implements KeyGroup {
  readonly kind = 'ecdh';
  readonly #curve: Curve;
  readonly #generator: InstanceType<Curve>;

  constructor(curve: Curve, generator?: InstanceType<Curve>) {
    this.#curve = curve;
    // Not BASE itself: its first product makes a table, for which the first citizen would wait longer than any later one gains.
    this.#generator = generator ?? curve.fromAffine(curve.BASE.toAffine());
  }

  generate(fill: FillRandom): KeyPair {
    const secret = secretBelow(this.#curve.Fn.ORDER, fill);
    return { secret, publicKey: this.#generator.multiply(bytesToNumber(secret)).toBytes(false) };
  }

  /** Uncompressed only: `04 | X | Y` of fixed length, on the curve, not one's own. */
  #decode(own: KeyPair, other: Uint8Array): InstanceType<Curve> {
    if (other.length !== 1 + 2 * this.#curve.Fp.BYTES || other[0] !== 0x04) throw bad('point-form');
    if (equal(other, own.publicKey)) throw bad('own-key');
    try {
      const point = this.#curve.fromBytes(other);
      point.assertValidity();
      return point;
    } catch (cause) {
      throw cardError('CARD_ANSWER_INVALID', { step: 'key-agreement', why: 'point' }, { cause });
    }
  }

  agree(own: KeyPair, other: Uint8Array): Uint8Array {
    const shared = this.#decode(own, other).multiply(bytesToNumber(own.secret));
    return numberToBytes(shared.toAffine().x, this.#curve.Fp.BYTES);
  }

  map(nonce: Uint8Array, own: KeyPair, other: Uint8Array): KeyGroup {
    const shared = this.#decode(own, other).multiply(bytesToNumber(own.secret));
    const scalar = bytesToNumber(nonce) % this.#curve.Fn.ORDER;
    const mapped = scalar === 0n ? shared : this.#generator.multiply(scalar).add(shared);
    if (mapped.is0()) throw bad('generator');
    return new CurveGroup(this.#curve, mapped);
  }
}

class IntegerGroup implements KeyGroup {
  readonly kind = 'dh';
  readonly #group: ModpGroup;

  constructor(group: ModpGroup) {
    this.#group = group;
  }

  generate(fill: FillRandom): KeyPair {
    const { p, q, g } = this.#group;
    const secret = secretBelow(bytesToNumber(q), fill);
    return { secret, publicKey: modPow(g, secret, p) };
  }

  /** As many bytes as p, in [2, p-2] and of order q: a small subgroup would give the exponent away. */
  #power(own: KeyPair, other: Uint8Array): Uint8Array {
    const { p, q } = this.#group;
    if (other.length !== p.length) throw bad('number-length');
    if (equal(other, own.publicKey)) throw bad('own-key');
    const number = bytesToNumber(other);
    if (number < 2n || number > bytesToNumber(p) - 2n) throw bad('number');
    if (bytesToNumber(modPow(other, q, p)) !== 1n) throw bad('number');
    return modPow(other, own.secret, p);
  }

  agree(own: KeyPair, other: Uint8Array): Uint8Array {
    return this.#power(own, other);
  }

  map(nonce: Uint8Array, own: KeyPair, other: Uint8Array): KeyGroup {
    const { p, q, g } = this.#group;
    const shared = this.#power(own, other);
    const scaled = modPow(g, nonce, p);
    const mapped = (bytesToNumber(scaled) * bytesToNumber(shared)) % bytesToNumber(p);
    wipe(shared, scaled);
    if (mapped < 2n) throw bad('generator');
    return new IntegerGroup({ p, q, g: numberToBytes(mapped, p.length) });
  }
}

export const curveGroup = (curve: Curve): KeyGroup => new CurveGroup(curve);
export const integerGroup = (group: ModpGroup): KeyGroup => new IntegerGroup(group);
