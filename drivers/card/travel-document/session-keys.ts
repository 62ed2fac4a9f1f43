import { secretBytes, wipe } from '@jolly/contracts/values';
import { KDF_COUNTER, kdf, type SessionCipher } from '../crypto/index.ts';
import type { SessionKeys } from '../secure-messaging/index.ts';

/** Keys of a shared secret; the counter begins at zero unless given (9303-11 9.7.1, 9.8). Leaves `shared` to its owner. */
export function sessionKeys(cipher: SessionCipher, shared: Uint8Array, counter?: Uint8Array): SessionKeys {
  return {
    cipher: cipher === '3DES' ? '3DES' : 'AES',
    encryption: kdf(shared, KDF_COUNTER.encryption, cipher),
    mac: kdf(shared, KDF_COUNTER.mac, cipher),
    ssc: counter ?? secretBytes(cipher === '3DES' ? 8 : 16),
  };
}

export function wipeKeys(keys: SessionKeys | undefined): void {
  wipe(keys?.encryption, keys?.mac, keys?.ssc);
}
