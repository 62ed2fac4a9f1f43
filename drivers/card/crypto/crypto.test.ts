import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import {
  aesCmac,
  below,
  bitLength,
  decryptAesCbc,
  decryptTripleDes,
  encryptAesCbc,
  encryptTripleDes,
  equalBytes,
  iasKdf,
  kdf,
  modPow,
  modPowBigInt,
  pad,
  retailMac,
  type SessionCipher,
  unpad,
} from './index.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

interface Vectors {
  kdf: { cases: { k: string; c: number; cipher: SessionCipher; out: string }[] };
  retail_mac: { cases: { key: string; padded_data: string; mac: string }[] };
}

describeWithShared('the published ICAO vectors', ['icao9303-vectors.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
  it.each(vectors.kdf.cases)('derives $cipher key $c of $k', ({ k, c, cipher, out }) => {
    expect(text(kdf(hex(k), c, cipher))).toBe(out);
  });
  it.each(vectors.retail_mac.cases)('retail MAC $mac', ({ key, padded_data, mac }) => {
    expect(text(retailMac(hex(key), hex(padded_data)))).toBe(mac);
  });
});

describe('AES-CMAC', () => {
  const message =
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';
  const aes128 = '2b7e151628aed2a6abf7158809cf4f3c';
  const aes192 = '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b';
  const aes256 = '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4';
  // RFC 4493 section 4; NIST SP 800-38B appendix D for the longer keys.
  it.each([
    [aes128, 0, 'bb1d6929e95937287fa37d129b756746'],
    [aes128, 16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [aes128, 40, 'dfa66747de9ae63030ca32611497c827'],
    [aes128, 64, '51f0bebf7e3b9d92fc49741779363cfe'],
    [aes192, 0, 'd17ddf46adaacde531cac483de7a9367'],
    [aes192, 16, '9e99a7bf31e710900662f65e617c5184'],
    [aes256, 0, '028962f61b7bf89efc6b551f4667d983'],
    [aes256, 16, '28a7023f452e8f82bd4bf28d8c37c35c'],
  ])('of key %s over %i bytes', (key, length, mac) => {
    expect(text(aesCmac(hex(key), hex(message).subarray(0, length))).toLowerCase()).toBe(mac);
  });
});

describe('block ciphers', () => {
  it('come back through decryption, and are what the library calls by that name', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ maxLength: 200 }),
        (key, data) => {
          const padded = pad(data, 16);
          expect(unpad(decryptTripleDes(key, encryptTripleDes(key, padded)))).toEqual(data);
          expect(unpad(decryptAesCbc(key, encryptAesCbc(key, padded)))).toEqual(data);
          const twoKey = createCipheriv('des-ede-cbc', key, new Uint8Array(8));
          twoKey.setAutoPadding(false);
          expect(text(encryptTripleDes(key, padded))).toBe(text(twoKey.update(padded)));
        },
      ),
    );
  });

  it('take whole blocks and whole keys only', () => {
    expect(() => encryptTripleDes(new Uint8Array(16), new Uint8Array(7))).toThrow(RangeError);
    expect(() => encryptTripleDes(new Uint8Array(24), new Uint8Array(8))).toThrow(RangeError);
    expect(() => retailMac(new Uint8Array(16), new Uint8Array(0))).toThrow(RangeError);
  });

  it('padding that is not there is not taken for one', () => {
    expect(unpad(new Uint8Array(16))).toBeUndefined();
    expect(unpad(new Uint8Array(0))).toBeUndefined();
    expect(unpad(Uint8Array.of(1, 2, 0x80, 0, 1))).toBeUndefined();
  });
});

describe('modular power', () => {
  const number = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes });

  it.each([512, 768, 1024, 2048, 3072])('natively of %i bits is the BigInt one', (bits) => {
    fc.assert(
      fc.property(number(bits / 8), number(bits / 8), number(bits / 8), (base, exponent, modulus) => {
        modulus[0] = (modulus[0] ?? 0) | 0x80;
        modulus[modulus.length - 1] = (modulus[modulus.length - 1] ?? 0) | 1;
        // One short exponent in each run keeps the slow side quick.
        const short = bits > 1024 ? exponent.subarray(0, 20) : exponent;
        expect(modPow(base, short, modulus)).toEqual(modPowBigInt(base, short, modulus));
      }),
      { numRuns: bits > 1024 ? 10 : 25 },
    );
  });

  it('of any other modulus too: even, small, with leading zeros, an exponent of zero', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 12 }),
        fc.uint8Array({ minLength: 1, maxLength: 70 }),
        (base, exponent, modulus) => {
          fc.pre(bitLength(modulus) > 1);
          const power = modPow(base, exponent, modulus);
          expect(power).toEqual(modPowBigInt(base, exponent, modulus));
          expect(power.length).toBe(modulus.length);
          expect(below(power, modulus)).toBe(true);
        },
      ),
    );
    expect(() => modPow(Uint8Array.of(2), Uint8Array.of(2), Uint8Array.of(0, 1))).toThrow(RangeError);
  });

  it('of a full exponent of 2048 bits is the BigInt one', () => {
    const [base, exponent, modulus] = fc.sample(fc.tuple(number(256), number(256), number(256)), {
      numRuns: 1,
      seed: 7,
    })[0] ?? [new Uint8Array(1), new Uint8Array(1), new Uint8Array(1)];
    modulus[0] = 0x80;
    modulus[255] = 0x0d;
    exponent[0] = 0x7f;
    expect(modPow(base, exponent, modulus)).toEqual(modPowBigInt(base, exponent, modulus));
  });
});

describe('secrets', () => {
  it('come in buffers of their own, off the pool', () => {
    const key = new Uint8Array(16).fill(3);
    const data = new Uint8Array(16);
    const modulus = new Uint8Array(128).fill(0xff);
    for (const bytes of [
      encryptTripleDes(key, data),
      decryptAesCbc(key, data),
      retailMac(key, data),
      aesCmac(key, data),
      kdf(data, 1, '3DES'),
      iasKdf(data, 2),
      modPow(data, key, modulus),
      pad(data, 8),
    ]) {
      expect(bytes.buffer.byteLength).toBe(bytes.length);
    }
  });

  it('are compared whole', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });
});
