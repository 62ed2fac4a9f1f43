import { timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import type { PaceOffer } from '../applet.ts';
import { type Agreement, type Domain, domainOf } from './agreement.ts';
import { type CipherSuite, sessionKeys, suiteOf } from './cipher-suite.ts';
import { type Answer, answer, type Command, SW } from './command.ts';
import { SecureSession } from './session.ts';
import { hex, joined, objectIn, readAll, same, tlv } from './tlv.ts';

const PACE_ARC = hex('04007F00070202 04');
const MAPPING_ARC: Readonly<Record<PaceOffer['mapping'], number>> = {
  'DH-GM': 1,
  'ECDH-GM': 2,
  'DH-IM': 3,
  'ECDH-IM': 4,
};

/** Value of the object identifier 0.4.0.127.0.7.2.2.4.m.c of an offer. */
export const paceOid = ({ mapping, cipher }: PaceOffer): Uint8Array =>
  joined(PACE_ARC, Uint8Array.of(MAPPING_ARC[mapping], suiteOf(cipher).arc));

/** PACEInfo: identifier, version 2, number of the domain parameters. */
export const paceInfo = (offer: PaceOffer): Uint8Array =>
  tlv(
    0x30,
    tlv(0x06, paceOid(offer)),
    tlv(0x02, Uint8Array.of(2)),
    tlv(0x02, Uint8Array.of(offer.parameterId)),
  );

/** Passwords by their reference: 1 the MRZ, 2 the CAN; already hashed where the specification hashes. */
export type PacePasswords = ReadonlyMap<number, Uint8Array>;

interface Chosen {
  readonly oid: Uint8Array;
  readonly suite: CipherSuite;
  readonly domain: Domain;
  readonly password: Uint8Array;
}

/** What was done of the four steps. */
type Step =
  | { readonly at: 'nonce' }
  | { readonly at: 'map'; readonly nonce: Uint8Array }
  | { readonly at: 'agree'; readonly agreement: Agreement }
  | {
      readonly at: 'token';
      readonly secret: Uint8Array;
      readonly own: Uint8Array;
      readonly other: Uint8Array;
    };

/** The card's side of PACE with generic mapping (cie-card.md 7.1). One that failed begins again with `choose`. */
export class Pace {
  readonly #offers: readonly PaceOffer[];
  readonly #passwords: PacePasswords;
  readonly #random: RandomBytes;
  #chosen: Chosen | undefined;
  #step: Step = { at: 'nonce' };

  /** Throws for an offer that the emulator cannot keep. */
  constructor(offers: readonly PaceOffer[], passwords: PacePasswords, random: RandomBytes) {
    for (const { mapping, parameterId } of offers) {
      const tag = domainOf(parameterId, random)?.keyTag;
      if (tag !== (mapping === 'ECDH-GM' ? 0x86 : mapping === 'DH-GM' ? 0x84 : 0))
        throw new Error(`no PACE here with ${mapping} and domain parameters ${parameterId}`);
    }
    this.#offers = offers;
    this.#passwords = passwords;
    this.#random = random;
  }

  forget(): void {
    this.#chosen = undefined;
  }

  /** MSE:Set AT, `00 22 C1 A4`: protocol (80), password (83), domain parameters (84). */
  choose({ data }: Command): Answer {
    this.#chosen = undefined;
    const objects = readAll(data);
    const oid = objectIn(objects, 0x80);
    const reference = objectIn(objects, 0x83);
    const parameters = objectIn(objects, 0x84);
    if (!oid || reference?.length !== 1) return answer(SW.wrongData);
    const fitting = this.#offers.filter(
      (offer) =>
        same(paceOid(offer), oid) && (!parameters || same(parameters, Uint8Array.of(offer.parameterId))),
    );
    const [offer] = fitting;
    // With several sets of parameters the terminal has to say which.
    if (!offer || fitting.length > 1) return answer(SW.wrongData);
    const password = this.#passwords.get(reference[0] ?? 0);
    if (!password) return answer(SW.referenceNotFound);
    const domain = domainOf(offer.parameterId, this.#random);
    if (!domain) return answer(SW.wrongData);
    this.#chosen = { oid, suite: suiteOf(offer.cipher), domain, password };
    this.#step = { at: 'nonce' };
    return answer(SW.ok);
  }

  /** GENERAL AUTHENTICATE: the next step, and after the last one the session. */
  authenticate({ data }: Command): { readonly answer: Answer; readonly session?: SecureSession } {
    const chosen = this.#chosen;
    if (!chosen) return { answer: answer(SW.conditions) };
    const done = this.#next(chosen, readAll(objectIn(readAll(data), 0x7c) ?? Uint8Array.of(0)));
    if (done.answer.sw !== SW.ok || done.session) this.#chosen = undefined;
    return done;
  }

  #next(chosen: Chosen, objects: ReturnType<typeof readAll>): ReturnType<Pace['authenticate']> {
    const refused = { answer: answer(SW.wrongData) };
    if (!objects) return refused;
    const step = this.#step;
    if (step.at === 'nonce') return objects.length === 0 ? this.#nonce(chosen) : refused;
    const tag = { map: 0x81, agree: 0x83, token: 0x85 }[step.at];
    const value = objectIn(objects, tag);
    if (!value || objects.length !== 1) return refused;
    const said = (object: number, bytes: Uint8Array) => answer(SW.ok, tlv(0x7c, tlv(object, bytes)));
    if (step.at === 'map') {
      const mapping = chosen.domain.begin();
      const agreement = mapping.agree(value)?.mapped(step.nonce);
      if (!agreement) return refused;
      this.#step = { at: 'agree', agreement };
      return { answer: said(0x82, mapping.publicKey) };
    }
    if (step.at === 'agree') {
      const agreed = step.agreement.agree(value);
      if (!agreed) return refused;
      const own = step.agreement.publicKey;
      this.#step = { at: 'token', secret: agreed.secret, own, other: Uint8Array.from(value) };
      return { answer: said(0x84, own) };
    }
    const { suite } = chosen;
    const { enc, mac } = sessionKeys(suite, step.secret);
    const token = (key: Uint8Array) =>
      suite.mac(mac, tlv(0x7f49, tlv(0x06, chosen.oid), tlv(chosen.domain.keyTag, key)));
    if (value.length !== 8 || !timingSafeEqual(token(step.own), value))
      return { answer: answer(SW.authenticationFailed) };
    return {
      answer: said(0x86, token(step.other)),
      session: new SecureSession({ suite, enc, mac, counter: new Uint8Array(suite.block) }),
    };
  }

  #nonce({ suite, password }: Chosen): { readonly answer: Answer } {
    const nonce = this.#random(16);
    this.#step = { at: 'map', nonce };
    const encrypted = suite.encrypt(suite.derive(password, 3), new Uint8Array(suite.block), nonce);
    return { answer: answer(SW.ok, tlv(0x7c, tlv(0x80, encrypted))) };
  }
}
