import { createHash } from 'node:crypto';
import { type CardChannel, refused, SW } from '../apdu/index.ts';
import { equalBytes, type FillRandom, modPow } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import { bytesToNumber, numberToBytes } from './big-numbers.ts';
import type { Curve } from './curves.ts';
import type { ChipPublicKey } from './public-key-codec.ts';

const CHALLENGE_LENGTH = 8;

/** Trailer before the closing CC (ISO 9796-2, ISO 10118): hash by its number. */
const TRAILERS: ReadonlyMap<number, string> = new Map([
  [0x33, 'sha1'],
  [0x34, 'sha256'],
  [0x35, 'sha512'],
  [0x36, 'sha384'],
  [0x38, 'sha224'],
]);

const sha = (hash: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const state = createHash(hash);
  for (const part of parts) state.update(part);
  return state.digest();
};

/**
 * Whether `recovered` (the opened signature, as long as the modulus) is 6A | M1 | H(M1 | challenge) | trailer: ISO 9796-2 scheme
 * 1 with partial recovery.
 */
export function recoveredHolds(recovered: Uint8Array, challenge: Uint8Array): boolean {
  const last = recovered[recovered.length - 1];
  const named = recovered[recovered.length - 2];
  const trailer = last === 0xbc ? 1 : 2;
  const hash =
    last === 0xbc ? 'sha1' : last === 0xcc && named !== undefined ? TRAILERS.get(named) : undefined;
  if (!hash || recovered[0] !== 0x6a) return false;
  const end = recovered.length - trailer;
  const length = sha(hash).length;
  // at least some message bytes of the chip's own
  if (end - length < 1 + 8) return false;
  const digest = sha(hash, recovered.subarray(1, end - length), challenge);
  return equalBytes(digest, recovered.subarray(end - length, end));
}

function rsaHolds(
  key: Extract<ChipPublicKey, { type: 'rsa' }>,
  signature: Uint8Array,
  challenge: Uint8Array,
): boolean {
  if (signature.length !== key.bytes || bytesToNumber(signature) >= key.modulus) return false;
  const modulus = numberToBytes(key.modulus, key.bytes);
  const exponent = numberToBytes(key.exponent, 4);
  const opened = modPow(signature, exponent, modulus);
  if (recoveredHolds(opened, challenge)) return true;
  // ISO 9796-2 lets a signer give the smaller of s and n - s
  const other = numberToBytes(key.modulus - bytesToNumber(opened), key.bytes);
  return recoveredHolds(other, challenge);
}

/** Hashes a chip may sign with; which one is in DG14, where a chip may have none. */
const ECDSA_HASHES = ['sha256', 'sha1', 'sha224', 'sha384', 'sha512'] as const;
const ECDSA_OIDS: ReadonlyMap<string, (typeof ECDSA_HASHES)[number]> = new Map([
  ['0.4.0.127.0.7.1.1.4.1.1', 'sha1'],
  ['0.4.0.127.0.7.1.1.4.1.2', 'sha224'],
  ['0.4.0.127.0.7.1.1.4.1.3', 'sha256'],
  ['0.4.0.127.0.7.1.1.4.1.4', 'sha384'],
  ['0.4.0.127.0.7.1.1.4.1.5', 'sha512'],
]);

/** ECDSA over one digest; `signature` is r | s, each as long as the order. */
export function ecdsaHolds(
  curve: Curve,
  publicKey: Uint8Array,
  signature: Uint8Array,
  digest: Uint8Array,
): boolean {
  const { Fn, Fp } = curve;
  const half = Fn.BYTES;
  if (signature.length !== 2 * half || publicKey.length !== 1 + 2 * Fp.BYTES || publicKey[0] !== 0x04)
    return false;
  const r = bytesToNumber(signature.subarray(0, half));
  const s = bytesToNumber(signature.subarray(half));
  if (r === 0n || s === 0n || r >= Fn.ORDER || s >= Fn.ORDER) return false;
  const bits = Fn.ORDER.toString(2).length;
  const excess = Math.max(0, digest.length * 8 - bits);
  const e = (bytesToNumber(digest) >> BigInt(excess)) % Fn.ORDER;
  const inverse = Fn.inv(s);
  const point = curve.fromBytes(publicKey);
  point.assertValidity();
  const found = curve.BASE.mulAddUnsafe(Fn.mul(e, inverse), point, Fn.mul(r, inverse));
  return !found.is0() && found.toAffine().x % Fn.ORDER === r;
}

function signatureHolds(
  key: ChipPublicKey,
  answer: Uint8Array,
  challenge: Uint8Array,
  signatureOid: string | undefined,
): boolean {
  if (key.type === 'rsa') return rsaHolds(key, answer, challenge);
  if (key.type !== 'ec') return false;
  const { curve, point } = key;
  const named = signatureOid === undefined ? undefined : ECDSA_OIDS.get(signatureOid);
  const hashes = named ? [named] : ECDSA_HASHES;
  try {
    return hashes.some((hash) => ecdsaHolds(curve, point, answer, sha(hash, challenge)));
  } catch (cause) {
    // a key that is no point of its curve
    throw cardError('CARD_NOT_GENUINE', { proof: 'active-authentication' }, { cause });
  }
}

/**
 * Active authentication (9303-11 6.1): the chip signs a fresh challenge with the key of DG15, which passive authentication has
 * checked before. Throws CARD_NOT_GENUINE.
 */
export async function activelyAuthenticate(
  channel: CardChannel,
  key: ChipPublicKey,
  options: { readonly fill: FillRandom; readonly signatureOid?: string | undefined },
): Promise<void> {
  const challenge = new Uint8Array(CHALLENGE_LENGTH);
  options.fill(challenge);
  const { sw, data } = await channel.send({ cla: 0, ins: 0x88, p1: 0, p2: 0, data: challenge, le: 256 });
  if (sw !== SW.ok) throw refused('active-authentication', sw);
  if (!signatureHolds(key, data, challenge, options.signatureOid)) {
    throw cardError('CARD_NOT_GENUINE', { proof: 'active-authentication' });
  }
}
