import { createHash, randomBytes } from 'node:crypto';
import { EXTERNAL_KEY_EXPONENT } from '../ca/external-key.ts';
import type { EmulatedCard } from '../card.ts';
import { decrypt3des, encrypt3des, pad, retailMac, unpad } from '../des.ts';
import { power, toBytes, toNumber } from '../numbers.ts';
import { concat, fromHex, numberBytes, readTlvs, tlv, valueAt } from '../tlv.ts';

/** The terminal's published modulus (cie-card.md 4.4). */
const TERMINAL_MODULUS = BigInt(
  `0x${[
    'ba2837ab4c6bb827577bff4eb7b1e49cdde0f16614d1ef24c1b75cf70fb12cd18f4d14e2814ba4877ea800e175906076',
    'b562ba535973c5d8b378051d8afc7407a1d919529e03c106cda18d699afb0d8ab4fddd9dc719159a50de9468f02ab103',
    'e282a50e716ec23cda5bfc4a232b09a4b2c70745939549099b4483cbae62d0099674dbf6f39b7223a99d88e33f1a0cde',
    'deebbdc35517abe9880aab240e1ea166283a274a9ad93b4b1d19f3679f3e8b5ff6a1e0ed736e84d5abe03c59e7346b42',
    '18755d75366cbf4136f0a26c3dc70a69abaaf66e13a1b2faad052ca6ec9c51e2aed14d16e090254dc3f64ea2bd8a836b',
    'ba99defacba3a613aeedd93a9615273d',
  ].join('')}`,
);
const TERMINAL_EXPONENT = BigInt(
  `0x${[
    '4716c2a38ccc7a07b415eb1a6175f2aaa0e49ceaf1ba75cba09a684b04d8111879d3e2ccd8b94d3c5cf6c55753f0ed95',
    '87910b3c77258a01460fe84c2ede5764eebe9c37fb95cd69ceaf09f4b1357c276314ab43ec5b3cefb0403f868f688e2e',
    'c09a4973e987756f8da7a101a2ca75a54a8c4ccf9a1b6147e4de56423af70b2067179c5eeb646867863478d752c7f412',
    'db277541575aa0619d30bccc8d87e6170b33439a2c93f2d97e18c0a82343a6012a5bb1822808f01b5cfd85673ac0964c',
    '5f3cfd2daf8142359764a9adb9e3f76db613461c1bc913dc9ac0ab50d365f77cb93194c98aa966d89cdd555125a5e59e',
    'cf4fa3f0c3fd610cd3d056439338fd81',
  ].join('')}`,
);

export interface Reply {
  readonly data: Uint8Array;
  readonly sw: number;
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  Uint8Array.from(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );
const random = (length: number) => Uint8Array.from(randomBytes(length));
const none: Uint8Array = new Uint8Array(0);

/** The terminal's side of sections 2 to 6, as short as it can be: what the emulator's own tests talk with. */
export class TestTerminal {
  readonly card: EmulatedCard;
  #keys: { enc: Uint8Array; mac: Uint8Array; ssc: bigint } | undefined;

  constructor(card: EmulatedCard) {
    this.card = card;
    card.power(true);
  }

  /** One command in clear, with GET RESPONSE as long as there is more. */
  clear(apdu: Uint8Array | string): Reply {
    let answer = this.card.answer(typeof apdu === 'string' ? fromHex(apdu) : apdu);
    let data: Uint8Array = answer.slice(0, -2);
    let sw = toNumber(answer.slice(-2));
    while (sw >> 8n === 0x61n) {
      answer = this.card.answer(Uint8Array.of(0, 0xc0, 0, 0, Number(sw & 0xffn)));
      data = concat(data, answer.slice(0, -2));
      sw = toNumber(answer.slice(-2));
    }
    return { data, sw: Number(sw) };
  }

  root(): number {
    this.#keys = undefined;
    this.clear('00A4040C0DA0000000308000000009816001');
    return this.clear('00A4040C06A00000000039').sw;
  }

  read(fid: string): Uint8Array {
    this.clear(`00A4020C02${fid}`);
    let file: Uint8Array = none;
    for (;;) {
      const { data, sw } = this.clear(concat(fromHex('00b0'), numberBytes(file.length, 2), fromHex('80')));
      file = concat(file, data);
      if (sw !== 0x9000 || data.length === 0) return file;
    }
  }

  /** Protected; data longer than E7 is chained. */
  secure(header: string, data: Uint8Array = none, le?: number): Reply {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0] = fromHex(header);
    let rest: Uint8Array = data;
    for (;;) {
      const last = rest.length <= 0xe7;
      const part = rest.slice(0, 0xe7);
      const reply = this.#one([cla | 0x0c | (last ? 0 : 0x10), ins, p1, p2], part, last ? le : undefined);
      if (last || reply.sw !== 0x9000) return reply;
      rest = rest.slice(0xe7);
    }
  }

  /** The raw protected APDU, counted. */
  protect(header: readonly number[], data: Uint8Array, le: number | undefined): Uint8Array {
    const ins = header[1] ?? 0;
    const keys = this.#keys;
    if (!keys) throw new Error('no channel');
    keys.ssc += 1n;
    const cipher = data.length > 0 ? encrypt3des(keys.enc, pad(data)) : none;
    const objects = concat(
      data.length === 0 ? none : ins % 2 === 0 ? tlv(0x87, Uint8Array.of(1), cipher) : tlv(0x85, cipher),
      le === undefined ? none : tlv(0x97, Uint8Array.of(le & 0xff)),
    );
    const head = Uint8Array.from(header);
    const mac = retailMac(keys.mac, pad(concat(pad(concat(toBytes(keys.ssc, 8), head)), objects)));
    const body = concat(objects, tlv(0x8e, mac));
    return concat(head, Uint8Array.of(body.length), body, Uint8Array.of(0));
  }

  #one(header: readonly number[], data: Uint8Array, le: number | undefined): Reply {
    const reply = this.clear(this.protect(header, data, le));
    const keys = this.#keys;
    if (!keys) throw new Error('no channel');
    keys.ssc += 1n;
    if (reply.sw !== 0x9000) return reply;
    const objects = readTlvs(reply.data) ?? [];
    const mac = objects.at(-1);
    const covered = concat(...objects.slice(0, -1).map((object) => object.raw));
    const right = retailMac(keys.mac, pad(concat(toBytes(keys.ssc, 8), covered)));
    if (mac?.tag !== 0x8e || !Buffer.from(mac.value).equals(right)) throw new Error('MAC of the answer');
    const found = (tag: number) => objects.find((object) => object.tag === tag)?.value;
    const cipher = found(0x87)?.subarray(1) ?? found(0x85);
    const plain = cipher ? unpad(decrypt3des(keys.enc, cipher)) : none;
    if (!plain) throw new Error('padding of the answer');
    return { data: plain, sw: Number(toNumber(found(0x99) ?? none)) };
  }

  #public: { ours: Uint8Array; theirs: Uint8Array; g: Uint8Array; p: Uint8Array; q: Uint8Array } | undefined;

  agree(): void {
    const parameter = (tag: number) => {
      const { data } = this.clear(`00CB3FFF0C4D0A7008BFA10104A302${tag.toString(16)}00`);
      return valueAt(data, [0x70, 0xbfa101, 0xa3, tag]) ?? none;
    };
    const [g, p, q] = [parameter(0x97), parameter(0x98), parameter(0x99)];
    const x = (toNumber(random(q.length)) % (toNumber(q) - 1n)) + 1n;
    const ours = toBytes(power(toNumber(g), x, toNumber(p)), p.length);
    const data = concat(fromHex('80019b830181'), tlv(0x91, ours));
    this.clear(concat(fromHex('102241A6FF'), data.slice(0, 255)));
    this.clear(concat(fromHex('002241A6'), Uint8Array.of(data.length - 255), data.slice(255)));
    const theirs = valueAt(this.clear('00CB3FFF064D04A6029100').data, [0xa6, 0x91]) ?? none;
    const z = toBytes(power(toNumber(theirs), x, toNumber(p)), p.length);
    const key = (number: string) => sha256(z, fromHex(number)).slice(0, 16);
    this.#keys = { enc: key('00000001'), mac: key('00000002'), ssc: 1n };
    this.#public = { ours, theirs, g, p, q };
  }

  /** Status words of steps 4 to 10; `spoil` changes what is sent in that step. */
  authenticate(
    external: { n: Uint8Array; reference: Uint8Array; role: Uint8Array },
    deviceKey: Uint8Array,
    spoil?: 'certificate' | 'proof',
  ): number[] {
    const shared = this.#public;
    if (!shared) throw new Error('no agreement');
    const { ours, theirs, g, p, q } = shared;
    const words: number[] = [];
    const say = (header: string, data: Uint8Array, le?: number) => {
      const reply = this.secure(header, data, le);
      words.push(reply.sw);
      return reply.data;
    };
    const serial = fromHex('2000000000000001');
    const holder = concat(fromHex('00000000'), serial);
    const certificate = concat(
      fromHex('8a'),
      external.reference,
      holder,
      external.role,
      fromHex('01'),
      fromHex('2a8122f42a02040104'),
      toBytes(TERMINAL_MODULUS, 256),
      fromHex('00010001'),
    );
    const frame = (message: Uint8Array, hash: Uint8Array) =>
      toNumber(concat(fromHex('6a'), message, hash, fromHex('bc')));
    const hash = sha256(certificate);
    if (spoil === 'certificate') hash[0] = (hash[0] ?? 0) ^ 1;
    const n = toNumber(external.n);
    const signed = power(frame(certificate.slice(0, 222), hash), EXTERNAL_KEY_EXPONENT, n);
    say('002281B6', fromHex('800141830184'), 0);
    say(
      '002A00AE',
      tlv(
        0x7f21,
        tlv(0x5f37, toBytes(signed, 256)),
        tlv(0x5f38, certificate.slice(222)),
        tlv(0x42, external.reference),
      ),
    );
    say('002281A4', tlv(0x83, holder));
    const challenge = say('00840000', none, 8);
    const filler = random(222);
    const proof = sha256(filler, ours, serial, challenge, theirs, g, p, q);
    if (spoil === 'proof') proof[0] = (proof[0] ?? 0) ^ 1;
    const answer = power(frame(filler, proof), TERMINAL_EXPONENT, TERMINAL_MODULUS);
    say('00820000', concat(serial, toBytes(answer, 256)));
    say('002241A4', fromHex('84018280019b'));
    const ourChallenge = random(8);
    const theirProof = say('00880000', ourChallenge);
    if (words.at(-1) !== 0x9000) return words;
    const key = readTlvs(valueAt(deviceKey, [0x30]) ?? none) ?? [];
    const opened = toBytes(
      power(toNumber(theirProof.slice(8)), toNumber(key[1]?.value ?? none), toNumber(key[0]?.value ?? none)),
      256,
    );
    const expected = sha256(
      opened.slice(1, 223),
      theirs,
      theirProof.slice(0, 8),
      ourChallenge,
      ours,
      g,
      p,
      q,
    );
    if (opened[0] !== 0x6a || opened[255] !== 0xbc || !Buffer.from(expected).equals(opened.slice(223, 255)))
      throw new Error('the card did not prove itself');
    if (this.#keys) this.#keys.ssc = toNumber(concat(challenge.slice(4), ourChallenge.slice(4)));
    return words;
  }

  /** The whole of section 4. */
  open(spoil?: 'certificate' | 'proof'): number[] {
    this.root();
    const deviceKey = this.read('1004');
    const info = this.clear('00CB3FFF0B4D097007BFA004037F4980').data;
    const part = (tag: number) => valueAt(info, [0x70, 0xbfa004, 0x7f49, tag]) ?? none;
    this.agree();
    return this.authenticate(
      { n: part(0x81), reference: part(0x5f20).slice(4, 12), role: part(0x5f4c).slice(0, 6) },
      deviceKey,
      spoil,
    );
  }
}
