import { createHash } from 'node:crypto';
import { secretBytes, wipe } from '@jolly/contracts/values';

export type SessionCipher = '3DES' | 'AES-128' | 'AES-192' | 'AES-256';
/** What a derived key is for (ICAO 9303-11 9.7.1). */
export const KDF_COUNTER = { encryption: 1, mac: 2, password: 3 } as const;

const SIZE = { '3DES': 16, 'AES-128': 16, 'AES-192': 24, 'AES-256': 32 } as const;

/** KDF(K, c) of ICAO 9303-11: SHA-1 for 3DES (parity adjusted) and AES-128, SHA-256 above. In `secretBytes`. */
export function kdf(secret: Uint8Array, counter: number, cipher: SessionCipher): Uint8Array {
  const hash = cipher === 'AES-192' || cipher === 'AES-256' ? 'sha256' : 'sha1';
  const key = derive(hash, secret, counter, SIZE[cipher]);
  if (cipher === '3DES') for (let at = 0; at < key.length; at += 1) key[at] = oddParity(key[at] ?? 0);
  return key;
}

/** KDF of the CIE's IAS channel (cie-card.md 4.2): SHA-256 cut to 16 bytes, parity left alone. */
export function iasKdf(secret: Uint8Array, counter: number): Uint8Array {
  return derive('sha256', secret, counter, 16);
}

function derive(hash: 'sha1' | 'sha256', secret: Uint8Array, counter: number, size: number): Uint8Array {
  const digest = createHash(hash)
    .update(secret)
    .update(Uint8Array.of(0, 0, 0, counter))
    .digest();
  const key = secretBytes(size);
  key.set(digest.subarray(0, size));
  wipe(digest);
  return key;
}

function oddParity(byte: number): number {
  let ones = 0;
  for (let bit = 1; bit < 8; bit += 1) ones += (byte >> bit) & 1;
  return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
}
