import { wipe } from '@jolly/contracts/values';
import {
  aesCmac,
  decryptAesCbc,
  decryptTripleDes,
  encryptAesBlock,
  encryptAesCbc,
  encryptTripleDes,
  retailMac,
} from '../crypto/index.ts';

/** Keys of a session: 3DES with two keys and a counter of 8 bytes, or AES (key of 16, 24 or 32) with one of 16. */
export interface SessionKeys {
  readonly cipher: '3DES' | 'AES';
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
  /** Send sequence counter before the next command. */
  readonly ssc: Uint8Array;
}

/** What differs between the two schemes (cie-card.md 4.3, 7.2). Data and MAC input are already padded. */
export interface Suite {
  readonly block: number;
  encrypt(keys: SessionKeys, data: Uint8Array): Uint8Array;
  decrypt(keys: SessionKeys, data: Uint8Array): Uint8Array;
  /** 8 bytes. */
  mac(keys: SessionKeys, data: Uint8Array): Uint8Array;
}

const tripleDes: Suite = {
  block: 8,
  encrypt: ({ encryption }, data) => encryptTripleDes(encryption, data),
  decrypt: ({ encryption }, data) => decryptTripleDes(encryption, data),
  mac: ({ mac }, data) => retailMac(mac, data),
};

function withIv(keys: SessionKeys, run: (iv: Uint8Array) => Uint8Array): Uint8Array {
  const iv = encryptAesBlock(keys.encryption, keys.ssc);
  try {
    return run(iv);
  } finally {
    wipe(iv);
  }
}

const aes: Suite = {
  block: 16,
  encrypt: (keys, data) => withIv(keys, (iv) => encryptAesCbc(keys.encryption, data, iv)),
  decrypt: (keys, data) => withIv(keys, (iv) => decryptAesCbc(keys.encryption, data, iv)),
  mac: ({ mac }, data) => aesCmac(mac, data).subarray(0, 8),
};

export const suiteOf = (cipher: SessionKeys['cipher']): Suite => (cipher === '3DES' ? tripleDes : aes);
