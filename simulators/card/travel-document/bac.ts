import { timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import { sessionKeys, suiteOf } from './cipher-suite.ts';
import { type Answer, answer, SW } from './command.ts';
import { SecureSession } from './session.ts';
import { joined, same } from './tlv.ts';

const suite = suiteOf('3DES');
const noIv = new Uint8Array(8);

/** The card's side of BAC (cie-card.md 7.3). A challenge is good for one attempt. */
export class Bac {
  readonly #keys: { enc: Uint8Array; mac: Uint8Array };
  readonly #random: RandomBytes;
  #challenge: Uint8Array | undefined;

  /** `secret`: SHA-1 of the MRZ information. */
  constructor(secret: Uint8Array, random: RandomBytes) {
    this.#keys = sessionKeys(suite, secret.subarray(0, 16));
    this.#random = random;
  }

  challenge(): Answer {
    this.#challenge = this.#random(8);
    return answer(SW.ok, this.#challenge);
  }

  forget(): void {
    this.#challenge = undefined;
  }

  /** EXTERNAL AUTHENTICATE with 32 encrypted bytes and their MAC. */
  authenticate(data: Uint8Array): { readonly answer: Answer; readonly session?: SecureSession } {
    const challenge = this.#challenge;
    this.#challenge = undefined;
    if (!challenge) return { answer: answer(SW.conditions) };
    if (data.length !== 40) return { answer: answer(SW.wrongLength) };
    const { enc, mac } = this.#keys;
    const cipher = data.subarray(0, 32);
    if (!timingSafeEqual(suite.mac(mac, cipher), data.subarray(32)))
      return { answer: answer(SW.authenticationFailed) };
    const plain = suite.decrypt(enc, noIv, cipher);
    const theirs = plain.subarray(0, 8);
    if (!same(plain.subarray(8, 16), challenge)) return { answer: answer(SW.authenticationFailed) };
    const own = this.#random(16);
    const seed = own.map((byte, at) => byte ^ (plain[16 + at] ?? 0));
    const encrypted = suite.encrypt(enc, noIv, joined(challenge, theirs, own));
    return {
      answer: answer(SW.ok, joined(encrypted, suite.mac(mac, encrypted))),
      session: new SecureSession({
        suite,
        ...sessionKeys(suite, seed),
        counter: joined(challenge.subarray(4), theirs.subarray(4)),
      }),
    };
  }
}
