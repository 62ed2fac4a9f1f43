import { constants, createHash, type KeyObject, privateEncrypt, sign } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import { hex, joined, tlv } from './tlv.ts';

export type ActiveHash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** Trailers of ISO 9796-2 by hash (cie-card.md 7.5). */
const TRAILERS: Readonly<Record<ActiveHash, Uint8Array>> = {
  sha1: hex('BC'),
  sha224: hex('38CC'),
  sha256: hex('34CC'),
  sha384: hex('36CC'),
  sha512: hex('35CC'),
};

/** `6A | M1 | H(M1 | challenge) | T`: what the RSA signature recovers to; M1 is random and fills the block. */
export function recoverable(
  length: number,
  challenge: Uint8Array,
  hash: ActiveHash,
  random: RandomBytes,
): Uint8Array {
  const trailer = TRAILERS[hash];
  const size = createHash(hash).digest().length;
  const m1 = random(length - 1 - size - trailer.length);
  const digest = createHash(hash).update(m1).update(challenge).digest();
  return joined(Uint8Array.of(0x6a), m1, digest, trailer);
}

/** Hash of a plain ECDSA signature, by the length of the curve; DG14 names it. */
function curveHash(key: KeyObject): 'sha256' | 'sha384' | 'sha512' {
  const bytes = sign('sha256', new Uint8Array(1), { key, dsaEncoding: 'ieee-p1363' }).length / 2;
  if (bytes <= 32) return 'sha256';
  return bytes <= 48 ? 'sha384' : 'sha512';
}

/** INTERNAL AUTHENTICATE: RSA by ISO 9796-2 scheme 1, EC as r|s. */
export function signChallenge(
  key: KeyObject,
  challenge: Uint8Array,
  hash: ActiveHash,
  random: RandomBytes,
): Uint8Array {
  if (key.asymmetricKeyType === 'ec')
    return new Uint8Array(sign(curveHash(key), challenge, { key, dsaEncoding: 'ieee-p1363' }));
  const length = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const block = recoverable(length, challenge, hash, random);
  return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block));
}

const PLAIN_ECDSA = { sha256: 3, sha384: 4, sha512: 5 };

/** ActiveAuthenticationInfo for DG14, which an EC key needs: it names the hash. Undefined for RSA. */
export function activeInfo(key: KeyObject): Uint8Array | undefined {
  if (key.asymmetricKeyType !== 'ec') return undefined;
  const algorithm = joined(hex('04007F0007010104 01'), Uint8Array.of(PLAIN_ECDSA[curveHash(key)]));
  return tlv(0x30, tlv(0x06, hex('678108010105')), tlv(0x02, Uint8Array.of(1)), tlv(0x06, algorithm));
}
