import { createHash } from 'node:crypto';
import { secretBytes, wipe } from '@jolly/contracts/values';
import { type CardChannel, refused, SW, triesLeft } from '../apdu/index.ts';
import {
  decryptTripleDes,
  encryptTripleDes,
  equalBytes,
  type FillRandom,
  KDF_COUNTER,
  kdf,
  pad,
  retailMac,
} from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import type { SessionKeys } from '../secure-messaging/index.ts';
import { sessionKeys } from './session-keys.ts';

const WRONG_PASSWORD: ReadonlySet<number> = new Set([0x6300, 0x6982, 0x6985, 0x6988, 0x6a80]);

const bad = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'bac', why });

function macOf(key: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const padded = pad(encrypted, 8);
  return retailMac(key, padded);
}

/**
 * Basic access control (9303-11 4.3) with the application of the travel document selected. `information` is the MRZ
 * information (`mrzInformation`); a wrong one is CAN_WRONG with `password: mrz`.
 */
export async function runBac(
  channel: CardChannel,
  information: Uint8Array,
  fill: FillRandom,
): Promise<SessionKeys> {
  const challenge = await channel.send({ cla: 0x00, ins: 0x84, p1: 0, p2: 0, le: 8 });
  if (challenge.sw !== SW.ok) throw refused('bac-challenge', challenge.sw);
  if (challenge.data.length !== 8) throw bad('challenge');
  const seed = createHash('sha1').update(information).digest();
  const encryption = kdf(seed.subarray(0, 16), KDF_COUNTER.encryption, '3DES');
  const mac = kdf(seed.subarray(0, 16), KDF_COUNTER.mac, '3DES');
  // RND.IFD | RND.IC | K.IFD
  const plain = secretBytes(32);
  let answered: Uint8Array | undefined;
  const shared = secretBytes(16);
  try {
    const nonce = plain.subarray(0, 8);
    fill(nonce);
    plain.set(challenge.data, 8);
    fill(plain.subarray(16));
    const encrypted = encryptTripleDes(encryption, plain);
    const data = secretBytes(40);
    data.set(encrypted);
    data.set(macOf(mac, encrypted), 32);
    const { sw, data: answer } = await channel.send({ cla: 0, ins: 0x82, p1: 0, p2: 0, data, le: 40 });
    if (WRONG_PASSWORD.has(sw) || triesLeft(sw) !== undefined) {
      throw cardError('CAN_WRONG', { password: 'mrz' });
    }
    if (sw !== SW.ok) throw refused('bac', sw);
    if (answer.length !== 40) throw bad('length');
    if (!equalBytes(macOf(mac, answer.subarray(0, 32)), answer.subarray(32))) throw bad('mac');
    answered = decryptTripleDes(encryption, answer.subarray(0, 32));
    const same =
      equalBytes(answered.subarray(0, 8), challenge.data) && equalBytes(answered.subarray(8, 16), nonce);
    if (!same) throw bad('nonces');
    for (let at = 0; at < 16; at += 1) shared[at] = (plain[16 + at] ?? 0) ^ (answered[16 + at] ?? 0);
    const counter = secretBytes(8);
    counter.set(challenge.data.subarray(4));
    counter.set(nonce.subarray(4), 4);
    return sessionKeys('3DES', shared, counter);
  } finally {
    wipe(seed, encryption, mac, plain, answered, shared);
  }
}
