import { createCipheriv, createDecipheriv } from 'node:crypto';
import { secretBytes, wipe } from '@jolly/contracts/values';

/**
 * Block ciphers of the cards. Nothing here pads; data is whole blocks, else a RangeError. Results are buffers of their own off the JS
 * heap (as `secretBytes`): the caller wipes those that are secret, and its keys.
 */

/** Two-key 3DES in CBC; `key` has 16 bytes (no parity needed), the IV is zero when absent. */
export function encryptTripleDes(
  key: Uint8Array,
  data: Uint8Array,
  iv: Uint8Array = new Uint8Array(8),
): Uint8Array {
  return tripleDes(key, data, iv, createCipheriv);
}
export function decryptTripleDes(
  key: Uint8Array,
  data: Uint8Array,
  iv: Uint8Array = new Uint8Array(8),
): Uint8Array {
  return tripleDes(key, data, iv, createDecipheriv);
}

/** AES in CBC; the key's length says which AES, the IV is zero when absent. */
export function encryptAesCbc(
  key: Uint8Array,
  data: Uint8Array,
  iv: Uint8Array = new Uint8Array(16),
): Uint8Array {
  return run(createCipheriv(`aes-${key.length * 8}-cbc`, key, iv), data, 16);
}
export function decryptAesCbc(
  key: Uint8Array,
  data: Uint8Array,
  iv: Uint8Array = new Uint8Array(16),
): Uint8Array {
  return run(createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv), data, 16);
}

/** AES of single blocks (ECB): for an IV out of a counter and for subkeys. */
export function encryptAesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return run(createCipheriv(`aes-${key.length * 8}-ecb`, key, null), block, 16);
}

function tripleDes(
  key: Uint8Array,
  data: Uint8Array,
  iv: Uint8Array,
  create: typeof createCipheriv | typeof createDecipheriv,
): Uint8Array {
  if (key.length !== 16) throw new RangeError('a key of 16 bytes');
  const three = secretBytes(24);
  try {
    three.set(key);
    three.set(key.subarray(0, 8), 16);
    return run(create('des-ede3-cbc', three, iv), data, 8);
  } finally {
    wipe(three);
  }
}

interface Running {
  setAutoPadding(auto: boolean): unknown;
  update(data: Uint8Array): Uint8Array;
  final(): Uint8Array;
}

function run(cipher: Running, data: Uint8Array, block: number): Uint8Array {
  if (data.length % block !== 0) throw new RangeError(`whole blocks of ${block} bytes`);
  cipher.setAutoPadding(false);
  const out = cipher.update(data);
  // Without padding nothing is left over; the call lets the native context forget the key.
  cipher.final();
  return asBytes(out);
}

/** The same bytes as a plain array: a Buffer's methods and its JSON show what it holds. */
export function asBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** ISO 7816-4 padding: 80, then zeros to whole blocks; always adds. */
export function pad(data: Uint8Array, block: number): Uint8Array {
  const out = secretBytes(data.length + block - (data.length % block));
  out.set(data);
  out[data.length] = 0x80;
  return out;
}

/** The data without its padding, a view; undefined when the padding is not there. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  return end >= 0 && padded[end] === 0x80 ? padded.subarray(0, end) : undefined;
}

/** Bytes one after the other in a buffer of their own. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = secretBytes(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
