import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { PaceOffer } from '../applet.ts';
import { decrypt3des, encrypt3des, pad, retailMac } from '../des.ts';

export type CipherName = PaceOffer['cipher'];

/** Block cipher and MAC of one of the four suites (cie-card.md 7.1, 7.2). */
export interface CipherSuite {
  readonly name: CipherName;
  /** Last arc of the object identifiers that name the suite: 1 3DES … 4 AES-256. */
  readonly arc: number;
  readonly block: number;
  derive(secret: Uint8Array, counter: number): Uint8Array;
  encrypt(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
  /** IV of a protected message. */
  ivOf(key: Uint8Array, counter: Uint8Array): Uint8Array;
  /** 8 bytes over a token or a cryptogram: padded here where the suite pads. */
  mac(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** 8 bytes over a protected message: padded in every suite. */
  messageMac(key: Uint8Array, data: Uint8Array): Uint8Array;
}

const counterBytes = (counter: number) => Uint8Array.of(0, 0, 0, counter);
const digest = (hash: 'sha1' | 'sha256', secret: Uint8Array, counter: number) =>
  new Uint8Array(createHash(hash).update(secret).update(counterBytes(counter)).digest());

const tripleDes: CipherSuite = {
  name: '3DES',
  arc: 1,
  block: 8,
  derive: (secret, counter) => digest('sha1', secret, counter).slice(0, 16),
  // Every 3DES message of the specification has IV 0.
  encrypt: (key, _iv, blocks) => encrypt3des(key, blocks),
  decrypt: (key, _iv, blocks) => decrypt3des(key, blocks),
  ivOf: () => new Uint8Array(8),
  mac: (key, data) => retailMac(key, pad(data)),
  messageMac: (key, data) => retailMac(key, pad(data)),
};

function aesEcb(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return new Uint8Array(cipher.update(block));
}

/** Multiplies by x in GF(2^128): the subkeys of CMAC. */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(16);
  for (let at = 0; at < 16; at += 1) result[at] = ((block[at] ?? 0) << 1) | ((block[at + 1] ?? 0) >> 7);
  if ((block[0] ?? 0) & 0x80) result[15] = (result[15] ?? 0) ^ 0x87;
  return result;
}

/** AES-CMAC (RFC 4493), all 16 bytes. */
export function cmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const once = doubled(aesEcb(key, new Uint8Array(16)));
  const whole = data.length > 0 && data.length % 16 === 0;
  const blocks = whole ? new Uint8Array(data) : pad(data, 16);
  const mask = whole ? once : doubled(once);
  const last = blocks.length - 16;
  for (let at = 0; at < 16; at += 1) blocks[last + at] = (blocks[last + at] ?? 0) ^ (mask[at] ?? 0);
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, new Uint8Array(16)).setAutoPadding(false);
  return new Uint8Array(cipher.update(blocks).subarray(-16));
}

function aes(name: CipherName, arc: number, bytes: 16 | 24 | 32): CipherSuite {
  const cbc = `aes-${bytes * 8}-cbc`;
  return {
    name,
    arc,
    block: 16,
    derive: (secret, counter) => digest(bytes === 16 ? 'sha1' : 'sha256', secret, counter).slice(0, bytes),
    encrypt: (key, iv, blocks) =>
      new Uint8Array(createCipheriv(cbc, key, iv).setAutoPadding(false).update(blocks)),
    decrypt: (key, iv, blocks) =>
      new Uint8Array(createDecipheriv(cbc, key, iv).setAutoPadding(false).update(blocks)),
    ivOf: aesEcb,
    mac: (key, data) => cmac(key, data).slice(0, 8),
    messageMac: (key, data) => cmac(key, pad(data, 16)).slice(0, 8),
  };
}

const suites: Readonly<Record<CipherName, CipherSuite>> = {
  '3DES': tripleDes,
  'AES-128': aes('AES-128', 2, 16),
  'AES-192': aes('AES-192', 3, 24),
  'AES-256': aes('AES-256', 4, 32),
};

export const suiteOf = (name: CipherName): CipherSuite => suites[name];

/** What KDF makes of a shared secret: 1 encryption, 2 MAC, 3 the key of the PACE nonce. */
export function sessionKeys(suite: CipherSuite, secret: Uint8Array): { enc: Uint8Array; mac: Uint8Array } {
  return { enc: suite.derive(secret, 1), mac: suite.derive(secret, 2) };
}
