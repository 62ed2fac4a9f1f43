import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { toNumber } from './numbers.ts';
import { concat, tlv } from './tlv.ts';

export interface RsaPublic {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** Modulus without leading zeros, exponent as short as it is. */
export function publicOf(key: KeyObject): RsaPublic {
  const { n = '', e = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    modulus: Uint8Array.from(Buffer.from(n, 'base64url')),
    exponent: Uint8Array.from(Buffer.from(e, 'base64url')),
  };
}

/** PKCS#1 RSAPublicKey in DER, as EF 1004 and EF 1005 hold it. */
export function publicKeyFile(key: KeyObject): Uint8Array {
  const { modulus, exponent } = publicOf(key);
  return tlv(0x30, tlv(0x02, concat(Uint8Array.of(0), modulus)), tlv(0x02, exponent));
}

/** block^d mod n, undefined when the block is no number below n. */
export function rawPrivate(key: KeyObject, block: Uint8Array): Uint8Array | undefined {
  const { modulus } = publicOf(key);
  if (block.length !== modulus.length || toNumber(block) >= toNumber(modulus)) return undefined;
  return Uint8Array.from(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block));
}

/** block^e mod n, whatever length e has. */
export function rawPublic({ modulus, exponent }: RsaPublic, block: Uint8Array): Uint8Array | undefined {
  const m = toNumber(modulus);
  if (block.length !== modulus.length || toNumber(block) >= m) return undefined;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  try {
    const key = createPublicKey({
      key: { kty: 'RSA', n: text(modulus), e: text(exponent) },
      format: 'jwk',
    });
    return Uint8Array.from(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block));
  } catch {
    // A terminal may send any numbers for a key: one that is none opens nothing.
    return undefined;
  }
}

/** 00 01 FF… 00 | data (PKCS#1 v1.5 block type 1); undefined when it does not fit. */
export function signatureBlock(data: Uint8Array, length: number): Uint8Array | undefined {
  const fill = length - 3 - data.length;
  if (fill < 8) return undefined;
  return concat(Uint8Array.of(0, 1), new Uint8Array(fill).fill(0xff), Uint8Array.of(0), data);
}
