import { createCipheriv, createDecipheriv } from 'node:crypto';

const BLOCK = 8;
const zero = Buffer.alloc(BLOCK);

/** 16 bytes K1 | K2 as the K1 | K2 | K1 that OpenSSL takes; it does not look at parity. */
function threeKeys(key: Uint8Array): Uint8Array {
  if (key.length !== 16) throw new Error('a two-key 3DES key has 16 bytes');
  return Buffer.concat([key, key.subarray(0, 8)]);
}

/** 3DES-CBC with two keys, IV 0, no padding: whole blocks of 8 only (cie-card.md 4.3). */
export function encrypt3des(key: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv('des-ede3-cbc', threeKeys(key), zero).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]));
}

export function decrypt3des(key: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createDecipheriv('des-ede3-cbc', threeKeys(key), zero).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** Padding method 2 of ISO 9797-1: 80, then 00 up to a whole block. Always adds. */
export function pad(data: Uint8Array, block: number = BLOCK): Uint8Array {
  const padded = new Uint8Array((Math.floor(data.length / block) + 1) * block);
  padded.set(data);
  padded[data.length] = 0x80;
  return padded;
}

/** Undefined when there is no 80 00… at the end. */
export function unpad(data: Uint8Array): Uint8Array | undefined {
  let at = data.length - 1;
  while (at >= 0 && data[at] === 0) at -= 1;
  return data[at] === 0x80 ? data.slice(0, at) : undefined;
}

/**
 * ISO 9797-1 MAC algorithm 3 over data that is padded already: single-DES CBC under K1, IV 0; the last block goes through
 * K1, K2 and K1 again. OpenSSL 3 has no single DES: it is 3DES with three equal keys.
 */
export function retailMac(key: Uint8Array, padded: Uint8Array): Uint8Array {
  if (padded.length === 0 || padded.length % BLOCK !== 0) throw new Error('not padded to whole blocks');
  const k1 = key.subarray(0, BLOCK);
  const last = new Uint8Array(padded.subarray(padded.length - BLOCK));
  if (padded.length > BLOCK) {
    const single = createCipheriv('des-ede3-cbc', Buffer.concat([k1, k1, k1]), zero).setAutoPadding(false);
    const chain = single.update(padded.subarray(0, padded.length - BLOCK));
    const before = chain.subarray(chain.length - BLOCK);
    for (let at = 0; at < BLOCK; at += 1) last[at] = (last[at] ?? 0) ^ (before[at] ?? 0);
  }
  return encrypt3des(key, last);
}
