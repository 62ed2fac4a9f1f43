import { constants, publicEncrypt } from 'node:crypto';
import { secretBytes, wipe } from '@jolly/contracts/values';
import { asBytes } from './blocks.ts';

/** Beyond these the native library refuses a modulus, or an exponent as long as it. */
const NATIVE_BITS = { least: 512, most: 3072 } as const;

/**
 * base^exponent mod modulus, big endian, left-padded to the length of `modulus` as given. Throws a RangeError for a modulus below 2.
 *
 * The RSA public operation without padding is exactly this function, natively and a hundred times quicker than BigInt, for odd moduli of
 * 512 to 3072 bits. A secret exponent (Diffie-Hellman) travels to it in DER inside a buffer that is wiped, never as a string or a
 * BigInt, which nobody can wipe; the native copy lives for this one call. The rest (even, small, huge) is BigInt and used
 * for public values only. It is not constant in time: exponents here serve once.
 */
export function modPow(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  const n = significant(modulus);
  const e = significant(exponent);
  const bits = bitLength(n);
  const odd = ((n[n.length - 1] ?? 0) & 1) === 1;
  if (bits < 2) throw new RangeError('a modulus above 1');
  const native = odd && bits >= NATIVE_BITS.least && bits <= NATIVE_BITS.most && e.length > 0 && below(e, n);
  if (!native) return modPowBigInt(base, exponent, modulus);
  const b = significant(base);
  const input = secretBytes(n.length);
  const key = publicKey(n, e);
  try {
    const reduced = below(b, n) ? b : toBytes(toBigInt(b) % toBigInt(n), n.length);
    input.set(reduced, n.length - reduced.length);
    const native = { key, format: 'der', type: 'pkcs1', padding: constants.RSA_NO_PADDING } as const;
    const power = asBytes(publicEncrypt(native, input));
    if (power.length === modulus.length) return power;
    const out = secretBytes(modulus.length);
    out.set(power, modulus.length - power.length);
    wipe(power);
    return out;
  } finally {
    wipe(key, input);
  }
}

/** The same by BigInt: the fall-back, and what the native way is checked against. */
export function modPowBigInt(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  const n = toBigInt(modulus);
  if (n < 2n) throw new RangeError('a modulus above 1');
  let square = toBigInt(base) % n;
  let power = 1n;
  for (let rest = toBigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = (power * square) % n;
    square = (square * square) % n;
  }
  return toBytes(power, modulus.length);
}

/** Without leading zeros, a view. */
export function significant(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

/** Whether `left` < `right` as numbers. */
export function below(left: Uint8Array, right: Uint8Array): boolean {
  const a = significant(left);
  const b = significant(right);
  if (a.length !== b.length) return a.length < b.length;
  for (let at = 0; at < a.length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0
    ? 0n
    : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`);
}

/** Big endian in exactly `length` bytes. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const text = value.toString(16);
  if (value < 0n || text.length > length * 2) throw new RangeError(`not a number of ${length} bytes`);
  const out = secretBytes(length);
  out.set(Buffer.from(text.padStart(length * 2, '0'), 'hex'));
  return out;
}

export function bitLength(bytes: Uint8Array): number {
  const start = significant(bytes);
  return start.length === 0 ? 0 : start.length * 8 - Math.clz32(start[0] ?? 0) + 24;
}

/** RSAPublicKey of PKCS#1. */
function publicKey(n: Uint8Array, e: Uint8Array): Buffer {
  const size = (bytes: Uint8Array) => bytes.length + ((bytes[0] ?? 0) >> 7);
  const body = 8 + size(n) + size(e);
  const key = Buffer.from(new ArrayBuffer(4 + body));
  const head = (at: number, tag: number, length: number) => {
    key[at] = tag;
    key[at + 1] = 0x82;
    key.writeUInt16BE(length, at + 2);
    return at + 4;
  };
  let at = head(0, 0x30, body);
  for (const bytes of [n, e]) {
    at = head(at, 0x02, size(bytes)) + size(bytes);
    key.set(bytes, at - bytes.length);
  }
  return key;
}
