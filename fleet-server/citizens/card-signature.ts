import { constants, createPublicKey, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import { type LoginContext, loginText } from '@jolly/contracts/citizen-login';

const MAX_BITS = 4_096;

/** Whether it is an RSA key of at least so many bits, with an exponent that a card would have. */
export function isKeyTaken(key: KeyObject, minimumBits: number): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  return (
    key.asymmetricKeyType === 'rsa' &&
    modulusLength >= minimumBits &&
    modulusLength <= MAX_BITS &&
    publicExponent >= 3n &&
    publicExponent < 2n ** 64n
  );
}

/** Whether `key` signed this very login: PKCS#1 v1.5 over SHA-256 of `loginText` (cie-card.md 6). */
export function loginSignatureHolds(key: KeyObject, signature: Uint8Array, context: LoginContext): boolean {
  const padding = constants.RSA_PKCS1_PADDING;
  return verify('sha256', Buffer.from(loginText(context)), { key, padding }, signature);
}

/** EF 1005, a PKCS#1 RSAPublicKey; undefined when it is not one. */
export function antiCloneKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
    return isKeyTaken(key, 2_048) ? key : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/**
 * Whether key 83 answered this nonce: `00 01 FF…FF 00 <nonce>`, the nonce raw (cie-card.md 3). The whole block is compared, so
 * neither a shorter padding nor bytes after the nonce pass.
 */
export function antiCloneAnswerHolds(key: KeyObject, answer: Uint8Array, nonce: Uint8Array): boolean {
  const size = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (answer.length !== size) return false;
  const expected = Buffer.alloc(size, 0xff);
  expected.set([0x00, 0x01]);
  expected.set(nonce, size - nonce.length);
  expected[size - nonce.length - 1] = 0x00;
  try {
    const block = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.from(answer));
    return expected.equals(block);
  } catch (error) {
    // a number not below the modulus
    if (error instanceof Error) return false;
    throw error;
  }
}
