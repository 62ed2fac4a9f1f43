import type { RandomBytes } from '@jolly/contracts/values';
import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { type ModularGroup, modularGroups, power } from './modular-groups.ts';
import { hex, same } from './tlv.ts';

/** One key agreement over a generator: makes a key pair, then meets the other side's public key. */
export interface Agreement {
  readonly publicKey: Uint8Array;
  /** Undefined when the other key is none of the group, or one's own. */
  agree(other: Uint8Array): Agreed | undefined;
}

export interface Agreed {
  /** What keys are derived from: the x coordinate, or the number, at its full length. */
  readonly secret: Uint8Array;
  /** A new agreement over the generator that the nonce and this secret make (generic mapping). */
  mapped(nonce: Uint8Array): Agreement;
}

/** The group of a PACE offer. */
export interface Domain {
  /** Tag of a public key in an authentication token. */
  readonly keyTag: 0x84 | 0x86;
  begin(): Agreement;
}

const numberOf = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
const bytesOf = (number: bigint, length: number) => hex(number.toString(16).padStart(length * 2, '0'));

/** Uniform in [1, order): what is out of range is drawn again. */
function privateKey(order: bigint, random: RandomBytes): bigint {
  const length = Math.ceil(order.toString(16).length / 2);
  for (let draws = 0; draws < 1000; draws += 1) {
    const number = numberOf(random(length));
    if (number > 0n && number < order) return number;
  }
  throw new Error('the source of random bytes gives no private key');
}

const curves = {
  12: { Point: p256.Point, bytes: 32 },
  13: { Point: brainpoolP256r1.Point, bytes: 32 },
  15: { Point: p384.Point, bytes: 48 },
  16: { Point: brainpoolP384r1.Point, bytes: 48 },
} as const;
type Curve = (typeof curves)[keyof typeof curves];
type CurvePoint = InstanceType<Curve['Point']>;

function curveAgreement({ Point, bytes }: Curve, generator: CurvePoint, random: RandomBytes): Agreement {
  const order = Point.Fn.ORDER;
  const key = privateKey(order, random);
  const publicKey = generator.multiply(key).toBytes(false);
  return {
    publicKey,
    agree(other) {
      if (other.length !== 1 + 2 * bytes || other[0] !== 4 || same(other, publicKey)) return undefined;
      const point = onCurve(Point, other);
      if (!point) return undefined;
      const shared = point.multiply(key);
      return {
        secret: bytesOf(shared.toAffine().x, bytes),
        mapped(nonce) {
          const scalar = numberOf(nonce) % order;
          const moved = scalar === 0n ? shared : generator.multiply(scalar).add(shared);
          return curveAgreement({ Point, bytes }, moved, random);
        },
      };
    },
  };
}

/** Undefined for what is no point of the curve; infinity has no such encoding. */
function onCurve(Point: Curve['Point'], bytes: Uint8Array): CurvePoint | undefined {
  try {
    const point = Point.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function modularAgreement(group: ModularGroup, generator: bigint, random: RandomBytes): Agreement {
  const { p, q, bytes } = group;
  const key = privateKey(q, random);
  const publicKey = bytesOf(power(generator, key, p), bytes);
  return {
    publicKey,
    agree(other) {
      const number = numberOf(other);
      if (other.length !== bytes || number < 2n || number > p - 2n || same(other, publicKey))
        return undefined;
      const shared = power(number, key, p);
      return {
        secret: bytesOf(shared, bytes),
        mapped: (nonce) =>
          modularAgreement(group, (power(generator, numberOf(nonce), p) * shared) % p, random),
      };
    },
  };
}

/** Undefined for domain parameters that this card does not have. */
export function domainOf(parameterId: number, random: RandomBytes): Domain | undefined {
  const group = modularGroups.get(parameterId);
  if (group) return { keyTag: 0x84, begin: () => modularAgreement(group, group.g, random) };
  const curve = parameterId in curves ? curves[parameterId as keyof typeof curves] : undefined;
  if (!curve) return undefined;
  return { keyTag: 0x86, begin: () => curveAgreement(curve, curve.Point.BASE, random) };
}
