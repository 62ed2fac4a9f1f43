import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { secretBytes, wipe } from '@jolly/contracts/values';
import { encryptAesBlock, encryptAesCbc, encryptTripleDes } from './blocks.ts';

/**
 * ISO 9797-1 MAC algorithm 3 with DES ("retail MAC"), zero IV, 8 bytes. `data` is already padded. Single DES is not to be had everywhere:
 * the first blocks go through 3DES with the same key three times, the last one through K1-K2-K1.
 */
export function retailMac(key: Uint8Array, data: Uint8Array): Uint8Array {
  if (key.length !== 16) throw new RangeError('a key of 16 bytes');
  if (data.length === 0 || data.length % 8 !== 0) throw new RangeError('whole blocks of 8 bytes');
  const last = data.length - 8;
  if (last === 0) return encryptTripleDes(key, data);
  const single = secretBytes(24);
  let chained: Uint8Array | undefined;
  try {
    for (let at = 0; at < 24; at += 8) single.set(key.subarray(0, 8), at);
    const cipher = createCipheriv('des-ede3-cbc', single, new Uint8Array(8));
    cipher.setAutoPadding(false);
    chained = cipher.update(data.subarray(0, last));
    cipher.final();
    return encryptTripleDes(key, data.subarray(last), chained.subarray(last - 8));
  } finally {
    wipe(single, chained);
  }
}

/** AES-CMAC (RFC 4493; NIST SP 800-38B for the longer keys), 16 bytes. */
export function aesCmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const subkey = encryptAesBlock(key, new Uint8Array(16));
  const whole = data.length > 0 && data.length % 16 === 0;
  const blocks = secretBytes(whole ? data.length : data.length + 16 - (data.length % 16));
  let encrypted: Uint8Array | undefined;
  try {
    double(subkey);
    if (!whole) double(subkey);
    blocks.set(data);
    if (!whole) blocks[data.length] = 0x80;
    for (let at = 0; at < 16; at += 1) {
      const place = blocks.length - 16 + at;
      blocks[place] = (blocks[place] ?? 0) ^ (subkey[at] ?? 0);
    }
    encrypted = encryptAesCbc(key, blocks);
    const mac = secretBytes(16);
    mac.set(encrypted.subarray(encrypted.length - 16));
    return mac;
  } finally {
    wipe(subkey, blocks, encrypted);
  }
}

/** Times two in GF(2^128), in place. */
function double(block: Uint8Array): void {
  const carry = (block[0] ?? 0) >> 7;
  for (let at = 0; at < 16; at += 1) block[at] = ((block[at] ?? 0) << 1) | ((block[at + 1] ?? 0) >> 7);
  block[15] = (block[15] ?? 0) ^ (carry ? 0x87 : 0);
}

/** Constant time for equal lengths; false for different ones. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
