import type { KeyObject } from 'node:crypto';
import { type AnswerApdu, type CommandApdu, done, readApdu, status, wire } from '../apdu.ts';
import { type CardTrouble, contactAtr, type EmulatedCard } from '../card.ts';
import { type Manners, Outbox } from '../outbox.ts';
import { rawPrivate } from '../rsa.ts';
import { ascii, concat, fromHex, numberBytes, readTlvs, tlv } from '../tlv.ts';
import type { SecretNumber } from '../tries.ts';

const PIN = 0x10;
const PUK = 0x11;
const CARD_KEY = 0x01;

export interface CnsOptions {
  /** 16 characters. */
  readonly cardId: string;
  readonly personalData: Uint8Array;
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  readonly cloneKey: KeyObject;
  /** Bytes of the key's modulus. */
  readonly keyLength: number;
  readonly historical: string;
  readonly protocol: 'T=0' | 'T=1';
  readonly manners: Manners;
  readonly extended: boolean;
  readonly pin: SecretNumber;
  readonly puk: SecretNumber;
  readonly trouble: CardTrouble;
}

interface Entry {
  readonly fid: number;
  readonly parent: number;
  /** Undefined for a folder. */
  readonly content: Uint8Array | undefined;
}

const MASTER = 0x3f00;
const DATA_SPACE = 2048;

/** A health card with its contact chip (TS-CNS), as a card that adheres to section 9 of cie-card.md answers. */
export class CnsCard implements EmulatedCard {
  readonly kind = 'cns';
  readonly atr: Uint8Array;
  readonly pin: SecretNumber;
  readonly puk: SecretNumber;
  readonly trouble: CardTrouble;
  readonly #options: CnsOptions;
  readonly #entries: readonly Entry[];
  readonly #outbox: Outbox;
  #folder = MASTER;
  #file: Entry | undefined;
  #pinVerified = false;
  #pukVerified = false;
  #key = false;
  #chain: { readonly like: number; readonly data: Uint8Array } | undefined;

  constructor(options: CnsOptions) {
    this.#options = options;
    this.atr = contactAtr(options.protocol, fromHex(options.historical));
    this.pin = options.pin;
    this.puk = options.puk;
    this.trouble = options.trouble;
    this.#outbox = new Outbox(options.manners);
    const { certificate, personalData, cardId } = options;
    const file = (parent: number, fid: number, content: Uint8Array): Entry => ({ parent, fid, content });
    const folder = (fid: number): Entry => ({ parent: MASTER, fid, content: undefined });
    this.#entries = [
      { parent: 0, fid: MASTER, content: undefined },
      file(MASTER, 0x2f02, tlv(0x5a, fromHex(cardId))),
      file(MASTER, 0x3f02, fromHex('01')),
      folder(0x1000),
      file(0x1000, 0x1002, new Uint8Array(32)),
      file(0x1000, 0x1003, ascii(cardId)),
      folder(0x1100),
      file(0x1100, 0x1101, concat(certificate, new Uint8Array(Math.max(0, DATA_SPACE - certificate.length)))),
      file(0x1100, 0x1102, personalData),
      folder(0x1200),
      ...[0x1201, 0x1202, 0x1203].map((fid) => file(0x1200, fid, new Uint8Array(64))),
    ];
  }

  power(): void {
    this.#outbox.clear();
    this.#folder = MASTER;
    this.#file = undefined;
    this.#pinVerified = false;
    this.#pukVerified = false;
    this.#key = false;
    this.#chain = undefined;
  }

  answer(raw: Uint8Array): Uint8Array {
    const command = readApdu(raw);
    if (!command) {
      this.#outbox.clear();
      return wire(status(0x6700));
    }
    if (command.ins === 0xc0 && command.cla === 0) return wire(this.#outbox.more(command));
    this.#outbox.clear();
    if (command.extended && !this.#options.extended) return wire(status(0x6700));
    return wire(this.#outbox.give(command, this.#gather(command)));
  }

  #gather(command: CommandApdu): AnswerApdu {
    if ((command.cla & 0xef) !== 0) return status(0x6e00);
    const like = (command.ins << 16) | (command.p1 << 8) | command.p2;
    const chain = this.#chain;
    this.#chain = undefined;
    if (chain && chain.like !== like) return status(0x6883);
    const data = concat(chain?.data ?? new Uint8Array(0), command.data);
    if ((command.cla & 0x10) === 0) return this.#execute({ ...command, data });
    if (command.ins !== 0x2a) return status(0x6884);
    if (data.length > this.#options.keyLength) return status(0x6700);
    this.#chain = { like, data };
    return status(0x9000);
  }

  #execute(command: CommandApdu): AnswerApdu {
    switch (command.ins) {
      case 0xa4:
        return this.#select(command);
      case 0xb0:
        return this.#read(command);
      case 0x20:
        return this.#verify(command);
      case 0x24:
        return this.#change(command);
      case 0x2c:
        return this.#unblock(command);
      case 0x22:
        return this.#environment(command);
      case 0x2a:
        return this.#sign(command);
      default:
        return status(0x6d00);
    }
  }

  #select({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 === 0x04) return status(0x6a82);
    if ((p1 !== 0x00 && p1 !== 0x08) || (p2 !== 0x00 && p2 !== 0x0c)) return status(0x6a86);
    if (data.length % 2 !== 0 || (p1 === 0x00 && data.length > 2)) return status(0x6a80);
    let found = this.#entry(p1 === 0x08 || data.length === 0 ? MASTER : this.#folder);
    for (let at = 0; at < data.length && found; at += 2) {
      const fid = (data[at] ?? 0) * 256 + (data[at + 1] ?? 0);
      const parent: number = found.fid;
      const near = this.#entries.find((entry) => entry.fid === fid && entry.parent === parent);
      // A folder is reached from its neighbours too, and the master file from everywhere.
      found = near ?? (p1 === 0x00 ? this.#elsewhere(fid) : undefined);
    }
    if (!found) return status(0x6a82);
    if (found.content) {
      this.#folder = found.parent;
      this.#file = found;
    } else {
      this.#folder = found.fid;
      this.#file = undefined;
    }
    if (p2 === 0x0c) return status(0x9000);
    const size = found.content ? [tlv(0x80, numberBytes(found.content.length, 2))] : [];
    const type = tlv(0x82, Uint8Array.of(found.content ? 0x01 : 0x38));
    return done(tlv(0x6f, ...size, type, tlv(0x83, numberBytes(found.fid, 2))));
  }

  #entry(fid: number): Entry | undefined {
    return this.#entries.find((entry) => entry.fid === fid);
  }

  #elsewhere(fid: number): Entry | undefined {
    const found = this.#entry(fid);
    return found && !found.content ? found : undefined;
  }

  #read({ p1, p2, data, le }: CommandApdu): AnswerApdu {
    if (data.length > 0) return status(0x6700);
    if (p1 >= 0x80) return status(0x6a86);
    const content = this.#file?.content;
    if (!content) return status(0x6986);
    const offset = p1 * 256 + p2;
    if (offset >= content.length) return status(0x6b00);
    const wanted = le ?? 256;
    const left = content.length - offset;
    if (wanted <= left) return done(content.slice(offset, offset + wanted));
    // T=0 must know the exact length beforehand; T=1 gives what there is.
    if (this.#options.protocol === 'T=0') return status(0x6c00 + left);
    return { data: content.slice(offset), sw: wanted === 256 ? 0x9000 : 0x6282 };
  }

  #verify({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 !== 0) return status(0x6a86);
    if (p2 !== PIN && p2 !== PUK) return status(0x6a88);
    const secret = p2 === PIN ? this.pin : this.puk;
    const verified = p2 === PIN ? this.#pinVerified : this.#pukVerified;
    if (data.length === 0) return status(verified ? 0x9000 : secret.word);
    if (!padded(data)) return status(0x6700);
    if (secret.blocked) return status(0x6983);
    const right = secret.check(data);
    if (p2 === PIN) this.#pinVerified = right;
    else this.#pukVerified = right;
    return status(right ? 0x9000 : 0x63c0 + secret.left);
  }

  #change({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 !== 0) return status(0x6a86);
    if (p2 !== PIN) return status(0x6a88);
    const [old, fresh] = [data.slice(0, 8), data.slice(8)];
    if (!padded(old) || !padded(fresh)) return status(0x6700);
    if (this.pin.blocked) return status(0x6983);
    this.#pinVerified = this.pin.check(old);
    if (!this.#pinVerified) return status(0x63c0 + this.pin.left);
    this.pin.set(fresh);
    return status(0x9000);
  }

  #unblock({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 !== 0x00 && p1 !== 0x02 && p1 !== 0x03) return status(0x6a86);
    if (p2 !== PIN) return status(0x6a88);
    // With P1 = 00 the PUK comes in the same command; otherwise it was verified before.
    if (p1 === 0x00) {
      if (!padded(data.slice(0, 8)) || data.length !== 16) return status(0x6700);
      if (this.puk.blocked) return status(0x6983);
      if (!this.puk.check(data.slice(0, 8))) return status(0x63c0 + this.puk.left);
    } else if (!this.#pukVerified) return status(0x6982);
    const fresh = p1 === 0x00 ? data.slice(8) : data;
    if (p1 === 0x03 ? fresh.length !== 0 : !padded(fresh)) return status(0x6700);
    if (p1 !== 0x03) this.pin.set(fresh);
    this.pin.refill();
    return status(0x9000);
  }

  #environment({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 === 0xf3 && p2 === 0x03) {
      this.#key = false;
      return status(data.length === 0 ? 0x9000 : 0x6700);
    }
    if (p1 !== 0xf1 || p2 !== 0xb6) return status(0x6a86);
    const objects = readTlvs(data);
    const [key] = objects ?? [];
    if (objects?.length !== 1 || key?.tag !== 0x83 || key.value.length !== 1) return status(0x6a80);
    this.#key = key.value[0] === CARD_KEY;
    return status(this.#key ? 0x9000 : 0x6a88);
  }

  /** Raw RSA: who asks has padded (cie-card.md 9). */
  #sign({ p1, p2, data }: CommandApdu): AnswerApdu {
    if (p1 !== 0x9e || p2 !== 0x9a) return status(0x6a86);
    if (!this.#pinVerified) return status(0x6982);
    if (!this.#key) return status(0x6985);
    if (data.length !== this.#options.keyLength) return status(0x6700);
    const { key, cloneKey } = this.#options;
    const signature = rawPrivate(this.trouble.clone ? cloneKey : key, data);
    return signature ? done(signature) : status(0x6a80);
  }
}

/** 5 to 8 digits and FF up to 8 bytes. */
function padded(bytes: Uint8Array): boolean {
  return bytes.length === 8 && /^[0-9]{5,8}\xff*$/.test(Buffer.from(bytes).toString('latin1'));
}
