import type { AnswerApdu, CommandApdu } from '../apdu.ts';
import { decrypt3des, encrypt3des, pad, retailMac, unpad } from '../des.ts';
import { concat, fromHex, numberBytes, readTlvs, sameBytes, tlv } from '../tlv.ts';

/** The card's side of secure messaging with 3DES (cie-card.md 4.3). */
export class SecureChannel {
  readonly #encryption: Uint8Array;
  readonly #mac: Uint8Array;
  #ssc: bigint;

  constructor(encryption: Uint8Array, mac: Uint8Array, ssc: Uint8Array = fromHex('0000000000000001')) {
    this.#encryption = encryption;
    this.#mac = mac;
    this.#ssc = counter(ssc);
  }

  /** A new counter under the same keys. */
  restart(ssc: Uint8Array): void {
    this.#ssc = counter(ssc);
  }

  /** The command in clear with CLA 00 or 10, or the status word of what is wrong with it: then the channel is dead. */
  unwrap(command: CommandApdu): CommandApdu | number {
    const ssc = this.#step();
    const { cla, ins, p1, p2 } = command;
    const objects = readTlvs(command.data);
    const last = objects?.at(-1);
    if (!objects || last?.tag !== 0x8e) return 0x6987;
    const covered = objects.slice(0, -1);
    const tags = covered.map((object) => object.tag);
    const cipherTag = ins % 2 === 0 ? 0x87 : 0x85;
    const allowed = [[], [cipherTag], [0x97], [cipherTag, 0x97]];
    if (!allowed.some((list) => list.join() === tags.join())) return 0x6988;
    const header = pad(concat(ssc, Uint8Array.of(cla, ins, p1, p2)));
    const mac = retailMac(this.#mac, pad(concat(header, ...covered.map((object) => object.raw))));
    if (!sameBytes(mac, last.value)) return 0x6988;

    let data: Uint8Array | undefined = new Uint8Array(0);
    const cipher = covered.find((object) => object.tag === cipherTag)?.value;
    if (cipher) {
      if (cipherTag === 0x87 && cipher[0] !== 1) return 0x6988;
      const blocks = cipherTag === 0x87 ? cipher.subarray(1) : cipher;
      if (blocks.length === 0 || blocks.length % 8 !== 0) return 0x6988;
      data = unpad(decrypt3des(this.#encryption, blocks));
      if (!data) return 0x6988;
    }
    const wanted = covered.find((object) => object.tag === 0x97)?.value;
    if (wanted && wanted.length !== 1 && wanted.length !== 2) return 0x6988;
    const le = wanted && Number(`0x${Buffer.from(wanted).toString('hex')}`);
    const all = wanted?.length === 2 ? 65_536 : 256;
    return { ...command, cla: cla & 0xf3, data, le: le === 0 ? all : le };
  }

  wrap(ins: number, { data, sw }: AnswerApdu): AnswerApdu {
    const ssc = this.#step();
    const cipher = data.length > 0 ? encrypt3des(this.#encryption, pad(data)) : undefined;
    const body = concat(
      cipher ? (ins % 2 === 0 ? tlv(0x87, Uint8Array.of(1), cipher) : tlv(0x85, cipher)) : fromHex(''),
      tlv(0x99, numberBytes(sw, 2)),
    );
    const mac = retailMac(this.#mac, pad(concat(ssc, body)));
    return { data: concat(body, tlv(0x8e, mac)), sw: 0x9000 };
  }

  #step(): Uint8Array {
    this.#ssc = BigInt.asUintN(64, this.#ssc + 1n);
    return fromHex(this.#ssc.toString(16).padStart(16, '0'));
  }
}

function counter(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
