import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { posError } from '../errors.ts';
import type { MessageHeader } from './codec/index.ts';

/** The shared key as the merchant's back office gives it. */
const SharedKey = z.object({
  keyIdentifier: z.string().min(1).max(60),
  keyVersion: z.int().min(0),
  passphrase: z.string().min(1),
});
export type SharedKey = z.infer<typeof SharedKey>;

const CRYPTO_VERSION = 1;
const SALT = 'AdyenNexoV1Salt';
const ROUNDS = 4_000;
const base64 = z.string().regex(/^[A-Za-z0-9+/=\s]*$/);

const Sealed = z.looseObject({
  NexoBlob: base64,
  SecurityTrailer: z.looseObject({
    AdyenCryptoVersion: z.literal(CRYPTO_VERSION),
    Hmac: base64,
    KeyIdentifier: z.string(),
    KeyVersion: z.int(),
    Nonce: base64,
  }),
});
const SealedMessage = z.union([
  z.object({ SaleToPOIResponse: Sealed }).transform((message) => message.SaleToPOIResponse),
  z.object({ SaleToPOIRequest: Sealed }).transform((message) => message.SaleToPOIRequest),
]);

/** Closes and opens the sealed form of a message. */
export interface Seal {
  /** `message` is the whole JSON text; its header stays readable outside. */
  close(header: MessageHeader, message: string, as?: 'SaleToPOIRequest' | 'SaleToPOIResponse'): string;
  /** The JSON text inside; undefined when it was not sealed with this key, or changed on the way. */
  open(message: string): string | undefined;
}

/**
 * `NexoBlob` (pos.md 3): AES-256-CBC over the message, its initial vector the derived one xor a nonce of the message, and an
 * HMAC-SHA256 over the clear text in the `SecurityTrailer`. Keys come out of the passphrase by PBKDF2.
 */
export function sealWith(key: SharedKey, random: (length: number) => Uint8Array = randomBytes): Seal {
  const derived = pbkdf2Sync(key.passphrase, SALT, ROUNDS, 80, 'sha1');
  const [macKey, cipherKey, start] = [
    derived.subarray(0, 32),
    derived.subarray(32, 64),
    derived.subarray(64, 80),
  ];
  const vector = (nonce: Uint8Array) => Buffer.from(start.map((byte, index) => byte ^ (nonce[index] ?? 0)));
  const mac = (clear: Buffer) => createHmac('sha256', macKey).update(clear).digest();
  return {
    close: (header, message, as = 'SaleToPOIRequest') => {
      const clear = Buffer.from(message, 'utf8');
      const nonce = random(16);
      const cipher = createCipheriv('aes-256-cbc', cipherKey, vector(nonce));
      const blob = Buffer.concat([cipher.update(clear), cipher.final()]);
      return JSON.stringify({
        [as]: {
          MessageHeader: header,
          NexoBlob: blob.toString('base64'),
          SecurityTrailer: {
            AdyenCryptoVersion: CRYPTO_VERSION,
            Hmac: mac(clear).toString('base64'),
            KeyIdentifier: key.keyIdentifier,
            KeyVersion: key.keyVersion,
            Nonce: Buffer.from(nonce).toString('base64'),
          },
        },
      });
    },
    open: (message) => {
      const sealed = readSealed(message);
      if (!sealed) return undefined;
      const { NexoBlob, SecurityTrailer: trailer } = sealed;
      if (trailer.KeyIdentifier !== key.keyIdentifier || trailer.KeyVersion !== key.keyVersion)
        return undefined;
      const nonce = Buffer.from(trailer.Nonce, 'base64');
      const blob = Buffer.from(NexoBlob, 'base64');
      if (nonce.length !== 16 || blob.length === 0 || blob.length % 16 !== 0) return undefined;
      const clear = decrypt(blob, cipherKey, vector(nonce));
      const told = Buffer.from(trailer.Hmac, 'base64');
      if (!clear || told.length !== 32 || !timingSafeEqual(told, mac(clear))) return undefined;
      return clear.toString('utf8');
    },
  };
}

function readSealed(message: string): z.infer<typeof Sealed> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return SealedMessage.safeParse(value).data;
}

/** Undefined where the padding is none: what was not sealed with this key. */
function decrypt(blob: Buffer, key: Buffer, vector: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-cbc', key, vector);
  try {
    return Buffer.concat([decipher.update(blob), decipher.final()]);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Reads the key from its file. Throws `POS_SETTINGS_INVALID`; what is in the file is not told. */
export function sealFrom(file: string): Seal {
  try {
    return sealWith(SharedKey.parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    throw posError('POS_SETTINGS_INVALID', {
      faults: `key-file: ${file} holds no keyIdentifier, keyVersion and passphrase`,
    });
  }
}
