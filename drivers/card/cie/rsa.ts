import { derChildren, readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import { bitLength, equalBytes, modPow, significant } from '../crypto/index.ts';
import { cardError } from '../errors.ts';

/** Without leading zeros. */
export interface RsaKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** RSAPublicKey of PKCS#1, as EF 1004 and EF 1005 hold it, of 1024 to 4096 bits. Throws CARD_ANSWER_INVALID. */
export function readRsaKey(file: Uint8Array, step: string): RsaKey {
  const invalid = (why: string) => cardError('CARD_ANSWER_INVALID', { step, why });
  try {
    const sequence = readDer(file);
    const [n, e, more] = derChildren(sequence);
    if (sequence.tag !== 0x30 || n?.tag !== 0x02 || e?.tag !== 0x02 || more) throw invalid('key-form');
    return checkedRsaKey(n.content, e.content, step);
  } catch (error) {
    if (isJollyError(error, 'DER_INVALID')) throw invalid('key-form');
    throw error;
  }
}

export function checkedRsaKey(modulus: Uint8Array, exponent: Uint8Array, step: string): RsaKey {
  const n = significant(modulus);
  const e = significant(exponent);
  const bits = bitLength(n);
  if (bits < 1024 || bits > 4096 || ((n[n.length - 1] ?? 0) & 1) === 0 || e.length === 0 || e.length > 256) {
    throw cardError('CARD_ANSWER_INVALID', { step, why: 'key-size' });
  }
  return { modulus: n, exponent: e };
}

/**
 * Whether `signature` to the public power is `00 01 FF…FF 00 | message` (PKCS#1 v1.5 block type 1), the whole block: at least eight
 * FF, and nothing but the message behind them. `message` is the raw challenge of key 83 or a DigestInfo.
 */
export function signedByType1(key: RsaKey, signature: Uint8Array, message: Uint8Array): boolean {
  const size = key.modulus.length;
  if (signature.length !== size || message.length + 11 > size) return false;
  const expected = new Uint8Array(size).fill(0xff);
  expected[0] = 0x00;
  expected[1] = 0x01;
  expected[size - message.length - 1] = 0x00;
  expected.set(message, size - message.length);
  return equalBytes(modPow(signature, key.exponent, key.modulus), expected);
}
