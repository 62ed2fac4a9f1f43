import type { KeyObject } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import { type AnswerApdu, type CommandApdu, done, status } from '../apdu.ts';
import type { ExternalKey } from '../ca/keys.ts';
import { rawPrivate, signatureBlock } from '../rsa.ts';
import { concat, fromHex, readTlvs, sameBytes, tlv } from '../tlv.ts';
import type { SecretNumber } from '../tries.ts';
import {
  CA_AUTHORISATION,
  CA_HOLDER,
  cardProves,
  checkCertificate,
  type TerminalCertificate,
  terminalProves,
} from './device-authentication.ts';
import { controlParameters, type ElementaryFile, type Folder } from './files.ts';
import type { DhGroup } from './groups.ts';
import { type Agreement, agree } from './key-agreement.ts';

const ROOT_AID = fromHex('a0000000308000000009816001');
const CIE_AID = fromHex('a00000000039');
const PIN = 0x81;
const PUK = 0x82;
const SIGNATURE_KEY = 0x81;
const DEVICE_KEY = 0x82;
const ANTI_CLONE_KEY = 0x83;
/** Customary limit of what is signed: 40 % of the modulus. */
const MOST_SIGNED = 102;
const LONGEST_CHAIN = 2048;
const CHAINED = [0x22, 0x2a, 0x82, 0x88];

/** What the application has inside, for the life of the card. */
export interface IasInterior {
  readonly files: () => readonly ElementaryFile[];
  readonly keys: () => Readonly<Record<number, KeyObject>>;
  /** The device proof is one over another exchange. */
  readonly oldProof: () => boolean;
  readonly external: ExternalKey;
  readonly group: DhGroup;
  /** 8 bytes. */
  readonly serial: Uint8Array;
  readonly pin: SecretNumber;
  readonly puk: SecretNumber;
  /** All three DH parameters in one answer: the first Gemalto type only. */
  readonly parametersAtOnce: boolean;
  readonly random: RandomBytes;
}

/** What a reset, a SELECT of an application or a broken channel takes away. */
interface Session {
  agreement: Agreement | undefined;
  /** A protected command has come: a clear one now ends the channel. */
  inUse: boolean;
  verificationKey: boolean;
  certificate: TerminalCertificate | undefined;
  holder: boolean;
  challenge: Uint8Array | undefined;
  /** The challenge was answered: it counts for the counter, not for a second proof. */
  challengeUsed: boolean;
  terminalProved: boolean;
  cardProved: boolean;
  pin: boolean;
  puk: boolean;
  key: number | undefined;
}

const nothingYet = (): Session => ({
  agreement: undefined,
  inUse: false,
  verificationKey: false,
  certificate: undefined,
  holder: false,
  challenge: undefined,
  challengeUsed: false,
  terminalProved: false,
  cardProved: false,
  pin: false,
  puk: false,
  key: undefined,
});

/** The IAS root and the CIE application of an identity card (cie-card.md 2 to 6), one command after the other. */
export class IasApplication {
  readonly #inside: IasInterior;
  #session = nothingYet();
  #folder: Folder | undefined;
  #file: ElementaryFile | undefined;
  #chain: { readonly like: number; data: Uint8Array } | undefined;
  /** Takes effect when the answer has been protected. */
  #afterwards: (() => void) | undefined;

  constructor(inside: IasInterior) {
    this.#inside = inside;
  }

  reset(): void {
    this.#drop();
    this.#folder = undefined;
    this.#file = undefined;
    this.#chain = undefined;
  }

  /** Another application of the card took over. */
  leave(selected: boolean): void {
    this.#drop();
    this.#chain = undefined;
    if (!selected) return;
    this.#folder = undefined;
    this.#file = undefined;
  }

  handle(command: CommandApdu): AnswerApdu {
    if ((command.cla & 0xe3) !== 0) return status(0x6e00);
    const secured = (command.cla & 0x0c) === 0x0c;
    if (!secured && (command.cla & 0x0c) !== 0) return status(0x6e00);
    if (!secured) {
      if (this.#session.inUse) this.#drop();
      return this.#finish(this.#gather(command, false));
    }
    const { agreement } = this.#session;
    if (!agreement) return status(0x6988);
    const clear = agreement.channel.unwrap(command);
    if (typeof clear === 'number') {
      this.#drop();
      this.#chain = undefined;
      return status(clear);
    }
    this.#session.inUse = true;
    return this.#finish(agreement.channel.wrap(command.ins, this.#gather(clear, true)));
  }

  #finish(answer: AnswerApdu): AnswerApdu {
    this.#afterwards?.();
    this.#afterwards = undefined;
    return answer;
  }

  #drop(): void {
    this.#session = nothingYet();
  }

  /** Joins chained commands; the last of them is the command. */
  #gather(command: CommandApdu, secure: boolean): AnswerApdu {
    const like = (command.ins << 16) | (command.p1 << 8) | command.p2;
    const chain = this.#chain;
    if (chain && chain.like !== like) {
      this.#chain = undefined;
      return status(0x6883);
    }
    const data = concat(chain?.data ?? new Uint8Array(0), command.data);
    if (data.length > LONGEST_CHAIN) {
      this.#chain = undefined;
      return status(0x6700);
    }
    if ((command.cla & 0x10) !== 0) {
      if (!CHAINED.includes(command.ins)) return status(0x6884);
      this.#chain = { like, data };
      return status(0x9000);
    }
    this.#chain = undefined;
    return this.#execute({ ...command, data }, secure);
  }

  #execute(command: CommandApdu, secure: boolean): AnswerApdu {
    switch (command.ins) {
      case 0xa4:
        return this.#select(command);
      case 0xb0:
        return this.#read(command, secure);
      case 0xb1:
        return this.#readFar(command, secure);
      case 0xcb:
        return this.#getData(command);
      case 0x22:
        return this.#environment(command, secure);
      case 0x2a:
        return this.#verifyCertificate(command, secure);
      case 0x84:
        return this.#challenge(command, secure);
      case 0x82:
        return this.#externalAuthenticate(command, secure);
      case 0x88:
        return this.#internalAuthenticate(command, secure);
      case 0x20:
        return this.#verify(command, secure);
      case 0x24:
        return this.#changePin(command, secure);
      case 0x2c:
        return this.#unblock(command, secure);
      default:
        return status(0x6d00);
    }
  }

  // ---- files

  #select(command: CommandApdu): AnswerApdu {
    const { p1, p2, data, le } = command;
    if (![0x00, 0x04, 0x0c].includes(p2)) return status(0x6a86);
    const enter = (folder: Folder, aid: Uint8Array): AnswerApdu => {
      this.#afterwards = () => {
        this.#drop();
        this.#folder = folder;
        this.#file = undefined;
      };
      return p2 === 0x00 && le !== undefined ? done(tlv(0x6f, tlv(0x84, aid))) : status(0x9000);
    };
    if (p1 === 0x04) {
      if (sameBytes(data, ROOT_AID)) return enter('root', ROOT_AID);
      // The CIE application is looked for below the selected root, nowhere else.
      if (sameBytes(data, CIE_AID) && this.#folder) return enter('cie', CIE_AID);
      return status(0x6a82);
    }
    if (p1 === 0x00 && (data.length === 0 || sameBytes(data, fromHex('3f00'))))
      return enter('root', ROOT_AID);
    if (p1 !== 0x00 && p1 !== 0x02) return status(0x6a86);
    if (data.length !== 2) return status(0x6a80);
    const fid = (data[0] ?? 0) * 256 + (data[1] ?? 0);
    const file = this.#found((one) => one.fid === fid);
    if (!file) return status(0x6a82);
    this.#file = file;
    if (p2 === 0x0c || (p2 === 0x00 && le === undefined)) return status(0x9000);
    return done(controlParameters(file));
  }

  #found(is: (file: ElementaryFile) => boolean): ElementaryFile | undefined {
    return this.#inside.files().find((file) => file.folder === this.#folder && is(file));
  }

  #read({ p1, p2, data, le }: CommandApdu, secure: boolean): AnswerApdu {
    if (data.length > 0) return status(0x6700);
    if (p1 < 0x80) return this.#bytes(p1 * 256 + p2, le ?? 256, secure);
    if ((p1 & 0x60) !== 0) return status(0x6a86);
    const file = this.#found((one) => one.sfi === (p1 & 0x1f));
    if (!file) return status(0x6a82);
    this.#file = file;
    return this.#bytes(p2, le ?? 256, secure);
  }

  /** READ BINARY with an odd instruction: offset in DO 54, answer in DO 53. */
  #readFar({ p1, p2, data, le }: CommandApdu, secure: boolean): AnswerApdu {
    const objects = readTlvs(data);
    const offset = objects?.length === 1 && objects[0]?.tag === 0x54 ? objects[0].value : undefined;
    if (!offset || offset.length === 0 || offset.length > 3 || p1 !== 0) return status(0x6a80);
    if (p2 !== 0) {
      const file = this.#found((one) => one.sfi === p2);
      if (!file) return status(0x6a82);
      this.#file = file;
    }
    // The object's own tag and length count in what is asked for.
    const wanted = le ?? 256;
    const room = wanted - (wanted > 258 ? 4 : wanted > 130 ? 3 : 2);
    const at = Number(`0x${Buffer.from(offset).toString('hex')}`);
    const { data: bytes, sw } = this.#bytes(at, Math.max(room, 0), secure);
    return { data: bytes.length > 0 ? tlv(0x53, bytes) : bytes, sw };
  }

  #bytes(offset: number, wanted: number, secure: boolean): AnswerApdu {
    const file = this.#file;
    if (!file) return status(0x6986);
    if (file.access === 'pin' && !(secure && this.#session.pin)) return status(0x6982);
    if (offset >= file.content.length) return status(0x6b00);
    const data = file.content.slice(offset, offset + wanted);
    const whole = wanted === 256 || wanted === 65_536;
    return { data, sw: data.length < wanted && !whole ? 0x6282 : 0x9000 };
  }

  // ---- channel

  #getData({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 !== 0x3f || p2 !== 0xff) return status(0x6a86);
    const { external, group, parametersAtOnce } = this.#inside;
    if (this.#folder !== 'cie') return status(0x6a88);
    const parameter = (tag: number, value: Uint8Array) =>
      done(tlv(0x70, tlv(0xbfa101, tlv(0xa3, tlv(tag, value)))));
    switch (Buffer.from(data).toString('hex')) {
      case '4d0a7008bfa10104a3029700':
        return parameter(0x97, group.g);
      case '4d0a7008bfa10104a3029800':
        return parameter(0x98, group.p);
      case '4d0a7008bfa10104a3029900':
        return parameter(0x99, group.q);
      case '4d087006bfa10102a380':
        return parametersAtOnce
          ? done(tlv(0xa3, tlv(0x97, group.g), tlv(0x98, group.p), tlv(0x99, group.q)))
          : status(0x6a88);
      case '4d097007bfa004037f4980': {
        const key = [tlv(0x81, external.modulus), tlv(0x82, external.exponent)];
        const names = [tlv(0x5f20, CA_HOLDER), tlv(0x5f4c, CA_AUTHORISATION)];
        return done(tlv(0x70, tlv(0xbfa004, tlv(0x7f49, ...key, ...names))));
      }
      case '4d04a6029100': {
        const { agreement } = this.#session;
        return agreement ? done(tlv(0xa6, tlv(0x91, agreement.card))) : status(0x6a88);
      }
      default:
        return status(0x6a88);
    }
  }

  #environment({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    const objects = readTlvs(data);
    if (!objects) return status(0x6a80);
    const fields = new Map(objects.map(({ tag, value }) => [tag, value]));
    const one = (tag: number) => (fields.get(tag)?.length === 1 ? fields.get(tag)?.[0] : undefined);
    const only = (...tags: number[]) =>
      objects.length === tags.length && tags.every((tag) => fields.has(tag));
    if (this.#folder !== 'cie') return status(0x6a88);
    const session = this.#session;
    switch (p1 * 256 + p2) {
      case 0x41a6: {
        if (secure) return status(0x6985);
        if (!only(0x80, 0x83, 0x91)) return status(0x6a80);
        if (one(0x80) !== 0x9b || one(0x83) !== 0x81) return status(0x6a88);
        this.#drop();
        const { group, random } = this.#inside;
        const made = agree(group, fields.get(0x91) ?? new Uint8Array(0), random);
        if (!made) return status(0x6a80);
        this.#session.agreement = made;
        return status(0x9000);
      }
      case 0x81b6:
        if (!secure) return status(0x6982);
        if (!only(0x80, 0x83)) return status(0x6a80);
        if (one(0x80) !== 0x41 || one(0x83) !== 0x84) return status(0x6a88);
        session.verificationKey = true;
        return status(0x9000);
      case 0x81a4: {
        if (!secure) return status(0x6982);
        const holder = fields.get(0x83);
        if (!only(0x83) || !holder) return status(0x6a80);
        if (!session.certificate || !sameBytes(session.certificate.holder, holder)) return status(0x6a88);
        session.holder = true;
        return status(0x9000);
      }
      case 0x41a4: {
        if (!only(0x80, 0x84)) return status(0x6a80);
        const key = one(0x84);
        const algorithm = key === DEVICE_KEY ? 0x9b : 0x02;
        const known = key === SIGNATURE_KEY || key === DEVICE_KEY || key === ANTI_CLONE_KEY;
        session.key = undefined;
        if (!known || one(0x80) !== algorithm) return status(0x6a88);
        session.key = key;
        return status(0x9000);
      }
      default:
        return status(0x6a86);
    }
  }

  #verifyCertificate({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0x00 || p2 !== 0xae) return status(0x6a86);
    if (!secure) return status(0x6982);
    const session = this.#session;
    if (!session.verificationKey) return status(0x6985);
    session.certificate = undefined;
    session.holder = false;
    const checked = checkCertificate(data, this.#inside.external);
    if (typeof checked === 'number') return status(checked);
    session.certificate = checked;
    return status(0x9000);
  }

  #challenge({ p1, p2, le }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0 || p2 !== 0) return status(0x6a86);
    if (le !== 8) return status(0x6700);
    const challenge = this.#inside.random(8);
    if (secure) {
      this.#session.challenge = challenge;
      this.#session.challengeUsed = false;
    }
    return done(challenge);
  }

  #externalAuthenticate({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0 || p2 !== 0) return status(0x6a86);
    const session = this.#session;
    const { agreement, certificate, challenge } = session;
    if (!secure) return status(0x6982);
    if (!agreement || !certificate || !session.holder || !challenge || session.challengeUsed)
      return status(0x6985);
    session.challengeUsed = true;
    session.terminalProved = terminalProves(data, certificate, challenge, agreement, this.#inside.group);
    return status(session.terminalProved ? 0x9000 : 0x6300);
  }

  #internalAuthenticate({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0 || p2 !== 0) return status(0x6a86);
    const session = this.#session;
    const key = session.key === undefined ? undefined : this.#inside.keys()[session.key];
    if (!key) return status(0x6985);
    if (session.key === DEVICE_KEY) {
      const { agreement, challenge } = session;
      if (!secure || !session.terminalProved || !agreement || !challenge) return status(0x6982);
      if (data.length !== 8) return status(0x6700);
      const { group, random, serial } = this.#inside;
      const proved = this.#inside.oldProof()
        ? { ...agreement, card: random(agreement.card.length) }
        : agreement;
      const proof = cardProves(data, serial, key, proved, group, random);
      if (!proof) return status(0x6f00);
      session.cardProved = true;
      const ssc = concat(challenge.slice(4, 8), data.slice(4, 8));
      this.#afterwards = () => agreement.channel.restart(ssc);
      return done(proof);
    }
    if (session.key === SIGNATURE_KEY && !(secure && session.pin)) return status(0x6982);
    if (data.length === 0 || data.length > MOST_SIGNED) return status(0x6700);
    const block = signatureBlock(data, 256);
    const signature = block && rawPrivate(key, block);
    return signature ? done(signature) : status(0x6f00);
  }

  // ---- PIN and PUK

  #authenticated(secure: boolean): boolean {
    return secure && this.#session.terminalProved && this.#session.cardProved;
  }

  #verify({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0) return status(0x6a86);
    if (p2 !== PIN && p2 !== PUK) return status(0x6a88);
    if (!this.#authenticated(secure)) return status(0x6982);
    const session = this.#session;
    const secret = p2 === PIN ? this.#inside.pin : this.#inside.puk;
    const verified = p2 === PIN ? session.pin : session.puk;
    if (data.length === 0) return status(verified ? 0x9000 : secret.word);
    if (data.length !== 8) return status(0x6700);
    if (secret.blocked) return status(0x6983);
    const right = secret.check(data);
    if (p2 === PIN) session.pin = right;
    else session.puk = right;
    return status(right ? 0x9000 : 0x63c0 + secret.left);
  }

  #changePin({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0) return status(0x6a86);
    if (p2 !== PIN) return status(0x6a88);
    // The middleware verifies the PIN before it changes it: a card that wants that is the stricter one.
    if (!this.#authenticated(secure) || !this.#session.pin) return status(0x6982);
    if (data.length !== 16) return status(0x6700);
    const { pin } = this.#inside;
    if (pin.blocked) return status(0x6983);
    if (!digits(data.slice(8))) return status(0x6a80);
    if (!pin.check(data.slice(0, 8))) {
      this.#session.pin = false;
      return status(0x63c0 + pin.left);
    }
    pin.set(data.slice(8));
    return status(0x9000);
  }

  #unblock({ p1, p2, data }: CommandApdu, secure: boolean): AnswerApdu {
    if (p1 !== 0x02 && p1 !== 0x03) return status(0x6a86);
    if (p2 !== PIN) return status(0x6a88);
    if (!this.#authenticated(secure) || !this.#session.puk) return status(0x6982);
    if (data.length !== (p1 === 0x02 ? 8 : 0)) return status(0x6700);
    if (p1 === 0x02 && !digits(data)) return status(0x6a80);
    const { pin } = this.#inside;
    if (p1 === 0x02) pin.set(data);
    pin.refill();
    return status(0x9000);
  }
}

function digits(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x30 && byte <= 0x39);
}
