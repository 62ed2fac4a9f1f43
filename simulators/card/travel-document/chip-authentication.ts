import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { type CipherName, type CipherSuite, sessionKeys, suiteOf } from './cipher-suite.ts';
import { type Answer, answer, type Command, SW } from './command.ts';
import { SecureSession } from './session.ts';
import { hex, joined, objectIn, readAll, same, tlv } from './tlv.ts';

const PROTOCOL = hex('04007F0007020203 02');
const PUBLIC_KEY = hex('04007F000702020102');

const oidOf = (cipher: CipherName) => joined(PROTOCOL, Uint8Array.of(suiteOf(cipher).arc));
const spki = (key: KeyObject) => new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));

/** ChipAuthenticationInfo and ChipAuthenticationPublicKeyInfo of DG14. */
export function chipInfos(key: KeyObject, cipher: CipherName): readonly Uint8Array[] {
  return [
    tlv(0x30, tlv(0x06, oidOf(cipher)), tlv(0x02, Uint8Array.of(1))),
    tlv(0x30, tlv(0x06, PUBLIC_KEY), spki(key)),
  ];
}

/** Shared secret of a terminal's public point, or undefined when it is none of the curve. */
export type Agree = (point: Uint8Array) => Uint8Array | undefined;

/** ECDH with a key of any curve OpenSSL knows: the point takes the place of the own one in the public key's DER. */
export function agreeWith(key: KeyObject): Agree {
  const own = spki(key);
  // An uncompressed point ends the structure; its length is that of the BIT STRING around it.
  const marks = readAll(objectIn(readAll(own), 0x30) ?? own);
  const length = (objectIn(marks, 0x03)?.length ?? 1) - 1;
  return (point) => {
    if (point.length !== length || point[0] !== 4) return undefined;
    try {
      const der = Buffer.from(joined(own.subarray(0, own.length - length), point));
      const publicKey = createPublicKey({ key: der, type: 'spki', format: 'der' });
      return new Uint8Array(diffieHellman({ privateKey: key, publicKey }));
    } catch (error) {
      // Off the curve.
      if (error instanceof Error) return undefined;
      throw error;
    }
  };
}

export interface Renewed {
  readonly answer: Answer;
  /** Holds after this answer, which goes out in the old one. */
  readonly session?: SecureSession;
}

/** The card's side of chip authentication (cie-card.md 7.5), inside secure messaging. */
export class ChipAuthentication {
  readonly #suite: CipherSuite;
  readonly #oid: Uint8Array;
  #chosen = false;

  constructor(cipher: CipherName) {
    this.#suite = suiteOf(cipher);
    this.#oid = oidOf(cipher);
  }

  forget(): void {
    this.#chosen = false;
  }

  #renewed(data: Uint8Array, secret: Uint8Array | undefined): Renewed {
    if (!secret) return { answer: answer(SW.wrongData) };
    const counter = new Uint8Array(this.#suite.block);
    const session = new SecureSession({
      suite: this.#suite,
      ...sessionKeys(this.#suite, secret),
      counter,
    });
    return { answer: answer(SW.ok, data), session };
  }

  /** MSE:Set KAT, `22 41 A6` (3DES): the key is agreed at once. */
  setKeyAgreement({ data }: Command, agree: Agree): Renewed {
    const point = objectIn(readAll(data), 0x91);
    if (this.#suite.name !== '3DES' || !point) return { answer: answer(SW.wrongData) };
    return this.#renewed(new Uint8Array(0), agree(point));
  }

  /** MSE:Set AT, `22 41 A4`: names the protocol; GENERAL AUTHENTICATE follows. The key's number is not looked at. */
  choose({ data }: Command): Answer {
    const oid = objectIn(readAll(data), 0x80);
    this.#chosen = oid !== undefined && same(oid, this.#oid);
    return answer(this.#chosen ? SW.ok : SW.wrongData);
  }

  authenticate({ data }: Command, agree: Agree): Renewed {
    if (!this.#chosen) return { answer: answer(SW.conditions) };
    this.#chosen = false;
    const point = objectIn(readAll(objectIn(readAll(data), 0x7c) ?? data), 0x80);
    if (!point) return { answer: answer(SW.wrongData) };
    return this.#renewed(tlv(0x7c), agree(point));
  }
}
