import { readFileSync } from 'node:fs';
import { isJollyError } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import {
  type Answer,
  type CardChannel,
  type Command,
  decodeAnswer,
  encodeCommand,
  exchange,
  readTlv,
  writeTlv,
} from '../apdu/index.ts';
import {
  aesCmac,
  decryptAesCbc,
  decryptTripleDes,
  encryptAesBlock,
  encryptAesCbc,
  encryptTripleDes,
  join,
  pad,
  retailMac,
  toBigInt,
  toBytes,
  unpad,
} from '../crypto/index.ts';
import { protect, type SessionKeys, secureChannel, unprotect } from './index.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

/** Short APDUs only: enough for the vectors and for the card side below. */
function decodeCommand(apdu: Uint8Array): Command {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, lc = 0] = apdu;
  if (apdu.length === 4) return { cla, ins, p1, p2 };
  if (apdu.length === 5) return { cla, ins, p1, p2, le: lc || 256 };
  const data = apdu.subarray(5, 5 + lc);
  const le = apdu[5 + lc];
  return { cla, ins, p1, p2, data, ...(le === undefined ? {} : { le: le || 256 }) };
}

interface Step {
  plain_command: string;
  ssc_command: string;
  protected_command: string;
  protected_response: string;
  ssc_response: string;
  plain_response: string;
}
interface Vectors {
  secure_messaging_3des: { ks_enc: string; ks_mac: string; initial_ssc: string; steps: Step[] };
  secure_messaging_aes128: {
    ks_enc: string;
    ks_mac: string;
    ssc_before: string;
    plain_command: string;
    protected_command: string;
  };
}

describeWithShared('the published secure messaging', ['icao9303-vectors.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

  it('of 3DES is spoken through the channel, both ways', async () => {
    const { ks_enc, ks_mac, initial_ssc, steps } = vectors.secure_messaging_3des;
    const sent: string[] = [];
    const plain: CardChannel = {
      async send(command) {
        sent.push(text(encodeCommand(command)));
        return decodeAnswer(hex(steps[sent.length - 1]?.protected_response ?? ''), 'x');
      },
    };
    const channel = secureChannel(plain, {
      cipher: '3DES',
      encryption: hex(ks_enc),
      mac: hex(ks_mac),
      ssc: hex(initial_ssc),
    });
    for (const step of steps) {
      const answer = await channel.send(decodeCommand(hex(step.plain_command)));
      expect(text(answer.data) + answer.sw.toString(16)).toBe(step.plain_response);
    }
    expect(sent).toEqual(steps.map((step) => step.protected_command));
  });

  it('of AES-128 protects the command of a real session', async () => {
    const vector = vectors.secure_messaging_aes128;
    const sent: string[] = [];
    const channel = secureChannel(
      {
        async send(command) {
          sent.push(text(encodeCommand(command)));
          return { data: new Uint8Array(0), sw: 0x6988 };
        },
      },
      {
        cipher: 'AES',
        encryption: hex(vector.ks_enc),
        mac: hex(vector.ks_mac),
        ssc: hex(vector.ssc_before),
      },
    );
    const dead = { code: 'CARD_CHANNEL_BROKEN' };
    await expect(channel.send(decodeCommand(hex(vector.plain_command)))).rejects.toMatchObject(dead);
    expect(sent).toEqual([vector.protected_command]);
    await expect(channel.send(decodeCommand(hex(vector.plain_command)))).rejects.toMatchObject(dead);
    expect(sent.length).toBe(1);
    expect(channel.alive).toBe(false);
  });
});

/** The card's side, written from the section and not from the driver's: keeps every counter it used. */
class MirrorCard {
  readonly counters: string[] = [];
  readonly received: Command[] = [];
  lastProtected: Uint8Array = new Uint8Array(0);
  tamper: (answer: Answer) => Answer = (answer) => answer;
  readonly answerTo: (command: Command) => Answer;
  readonly #keys: SessionKeys;
  #ssc: bigint;
  #chain = new Uint8Array(0);

  constructor(keys: SessionKeys, answerTo: (command: Command) => Answer) {
    this.answerTo = answerTo;
    this.#keys = keys;
    this.#ssc = toBigInt(keys.ssc);
  }

  #next(): Uint8Array {
    this.#ssc += 1n;
    const ssc = toBytes(this.#ssc, this.#keys.ssc.length);
    this.counters.push(text(ssc));
    return ssc;
  }

  #mac(data: Uint8Array): Uint8Array {
    const { cipher, mac } = this.#keys;
    return cipher === '3DES' ? retailMac(mac, pad(data, 8)) : aesCmac(mac, pad(data, 16)).subarray(0, 8);
  }

  async send(protectedCommand: Command): Promise<Answer> {
    const { cipher, encryption } = this.#keys;
    const block = cipher === '3DES' ? 8 : 16;
    const ssc = this.#next();
    const objects = readTlv(protectedCommand.data ?? new Uint8Array(0), 'card');
    const { cla, ins, p1, p2 } = protectedCommand;
    const before = objects.filter(({ tag }) => tag !== 0x8e).map(({ whole }) => whole);
    const expected = this.#mac(join(ssc, pad(Uint8Array.of(cla, ins, p1, p2), block), ...before));
    expect(text(objects.at(-1)?.value ?? new Uint8Array(0))).toBe(text(expected));
    const sealed = objects.find(({ tag }) => tag === (ins % 2 ? 0x85 : 0x87))?.value;
    const cipherText = sealed && (ins % 2 ? sealed : sealed.subarray(1));
    const clear =
      cipherText &&
      unpad(
        cipher === '3DES'
          ? decryptTripleDes(encryption, cipherText)
          : decryptAesCbc(encryption, cipherText, encryptAesBlock(encryption, ssc)),
      );
    const le = objects.find(({ tag }) => tag === 0x97)?.value[0];
    let answer: Answer = { data: new Uint8Array(0), sw: 0x9000 };
    const joined = join(this.#chain, clear ?? new Uint8Array(0)) as Uint8Array<ArrayBuffer>;
    if (cla & 0x10) this.#chain = joined;
    else {
      this.#chain = new Uint8Array(0);
      const command = { cla: 0, ins, p1, p2, data: joined, ...(le === undefined ? {} : { le: le || 256 }) };
      this.received.push(command);
      answer = this.answerTo(command);
    }
    const answerSsc = this.#next();
    const padded = pad(answer.data, block);
    const sealedAnswer =
      cipher === '3DES'
        ? encryptTripleDes(encryption, padded)
        : encryptAesCbc(encryption, padded, encryptAesBlock(encryption, answerSsc));
    const body = join(
      ...(answer.data.length ? [writeTlv(0x87, Uint8Array.of(1), sealedAnswer)] : []),
      writeTlv(0x99, Uint8Array.of(answer.sw >> 8, answer.sw & 0xff)),
    );
    this.lastProtected = join(body, writeTlv(0x8e, this.#mac(join(answerSsc, body))));
    return this.tamper({ data: this.lastProtected, sw: 0x9000 });
  }
}

const keysOf = fc.constantFrom('3DES' as const, 'AES' as const).chain((cipher) => {
  const counter = cipher === '3DES' ? 8 : 16;
  return fc.record({
    cipher: fc.constant(cipher),
    encryption: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    mac: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    ssc: fc.uint8Array({ minLength: counter, maxLength: counter }).map((ssc) => {
      ssc[0] = 0;
      return ssc;
    }),
  });
});
const commandOf = fc.record({
  cla: fc.constant(0),
  ins: fc.integer({ min: 1, max: 0xff }),
  p1: fc.integer({ min: 0, max: 0xff }),
  p2: fc.integer({ min: 0, max: 0xff }),
  data: fc.uint8Array({ maxLength: 700 }),
  le: fc.integer({ min: 1, max: 256 }),
});
const answerOf = fc.record({
  data: fc.uint8Array({ maxLength: 300 }),
  sw: fc.constantFrom(0x9000, 0x63c2, 0x6282, 0x6983),
});

describe('a secure channel', () => {
  it('carries every command and answer, with a new counter for each block and answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        keysOf,
        fc.array(fc.tuple(commandOf, answerOf), { minLength: 1, maxLength: 5 }),
        async (keys, turns) => {
          let turn = 0;
          const card = new MirrorCard(keys, () => turns[turn++]?.[1] as Answer);
          const channel = secureChannel(card, keys);
          for (const [command, answer] of turns) {
            expect(await channel.send(command)).toEqual({ data: expect.anything(), sw: answer.sw });
            expect(card.received.at(-1)).toEqual({ ...command, data: expect.anything() });
            expect(text(card.received.at(-1)?.data ?? new Uint8Array(0))).toBe(text(command.data));
          }
          expect(new Set(card.counters).size).toBe(card.counters.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps every protected command within a short APDU', () => {
    fc.assert(
      fc.property(keysOf, commandOf, (keys, command) => {
        const block = keys.cipher === '3DES' ? 0xe7 : 0xdf;
        const one = protect(keys, { ...command, data: command.data.subarray(0, block) });
        expect(one.data?.length).toBeLessThanOrEqual(0xff);
      }),
    );
    const keys: SessionKeys = {
      cipher: '3DES',
      encryption: hex('00'.repeat(16)),
      mac: hex('00'.repeat(16)),
      ssc: hex('00'.repeat(8)),
    };
    const full = protect(keys, { cla: 0, ins: 0x82, p1: 0, p2: 0, data: new Uint8Array(0xe7) });
    expect(text((full.data ?? new Uint8Array(0)).subarray(0, 4))).toBe('8781E901');
    expect(full.data?.length).toBe(0xf6);
  });

  it('notices any flipped bit of an answer, and is dead from then on', async () => {
    await fc.assert(
      fc.asyncProperty(keysOf, commandOf, answerOf, fc.nat(), async (keys, command, answer, place) => {
        const card = new MirrorCard(keys, () => answer);
        card.tamper = ({ data, sw }) => {
          const bits = (data.length + 2) * 8;
          const bit = place % bits;
          const bytes = join(data, Uint8Array.of(sw >> 8, sw & 0xff));
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
          return decodeAnswer(bytes, 'x');
        };
        const channel = secureChannel(card, keys);
        const short = { ...command, data: command.data.subarray(0, 100) };
        await expect(channel.send(short)).rejects.toMatchObject({ code: 'CARD_CHANNEL_BROKEN' });
        await expect(channel.send(short)).rejects.toMatchObject({ detail: { why: 'used-after-end' } });
        expect(card.received.length).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it('over a card that says anything outside sends no command twice and uses no counter twice', async () => {
    const outer = fc.constantFrom('right', '6C00', '6C10', '6108', '6100', '6988', '6700', '9000');
    const turnOf = fc.tuple(commandOf, outer, fc.boolean());
    await fc.assert(
      fc.asyncProperty(keysOf, fc.array(turnOf, { minLength: 1, maxLength: 8 }), async (keys, turns) => {
        const seen: string[] = [];
        let says = 'right';
        let bare = false;
        const card = new MirrorCard(keys, () => ({ data: hex('0102'), sw: 0x9000 }));
        const channel = secureChannel(
          exchange({
            async transmit(apdu) {
              if (apdu[1] === 0xc0 && apdu[0] === 0) return hex('6C04');
              seen.push(text(apdu));
              // What the card's own counter says is right is answered; only the word outside is another's.
              const answer = await card.send(decodeCommand(apdu));
              const word = says === 'right' ? hex('9000') : hex(says);
              return bare ? word : join(answer.data, word);
            },
          }),
          keys,
        );
        for (const [command, word, alone] of turns) {
          says = word;
          bare = alone && word !== 'right';
          const short = { ...command, data: command.data.subarray(0, 200) };
          const done = await channel.send(short).then(
            () => 'done',
            (error: unknown) => (isJollyError(error) ? error.code : String(error)),
          );
          const whole = word === 'right' || (word === '9000' && !bare);
          if (word.startsWith('6C')) expect(done).toBe('CARD_CHANNEL_BROKEN');
          expect(done === 'done').toBe(whole);
          expect(channel.alive).toBe(whole);
          if (!whole) break;
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(new Set(card.counters).size).toBe(card.counters.length);
        expect(card.counters.length).toBe(seen.length * 2);
      }),
      { numRuns: 150 },
    );
  });

  it('does not take an old answer, half an answer, or one with something behind it', async () => {
    const keys: SessionKeys = {
      cipher: '3DES',
      encryption: hex('979EC13B1CBFE9DCD01AB0FED307EAE5'),
      mac: hex('F1CB1F1FB5ADF208806B89DC579DC1F8'),
      ssc: hex('887022120C06C226'),
    };
    const read = { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 4 };
    const answered = () => new MirrorCard(keys, () => ({ data: hex('01020304'), sw: 0x9000 }));
    const broken = async (tamper: (answer: Answer, count: number) => Answer) => {
      const card = answered();
      let count = 0;
      card.tamper = (answer) => tamper(answer, count++);
      const channel = secureChannel(card, keys);
      try {
        await channel.send(read);
        await channel.send(read);
        return 'taken';
      } catch (error) {
        return isJollyError(error, 'CARD_CHANNEL_BROKEN') ? error.detail.why : error;
      }
    };
    let first: Answer | undefined;
    expect(
      await broken((answer, count) => {
        first ??= answer;
        return count === 0 ? answer : first;
      }),
    ).toBe('mac-wrong');
    const cut = (tags: number[]) => (answer: Answer) => ({
      ...answer,
      data: join(
        ...readTlv(answer.data, 'x')
          .filter(({ tag }) => !tags.includes(tag))
          .map(({ whole }) => whole),
      ),
    });
    expect(await broken(cut([0x8e]))).toBe('mac-missing');
    expect(await broken(cut([0x99]))).toBe('mac-wrong');
    expect(await broken(cut([0x87, 0x99, 0x8e]))).toBe('unprotected');
    expect(await broken((answer) => ({ ...answer, data: join(answer.data, hex('00')) }))).toBe('malformed');
    expect(await broken((answer) => ({ ...answer, data: join(answer.data, hex('8101AA')) }))).toBe(
      'mac-missing',
    );
    for (const sw of [0x6882, 0x6987, 0x6988, 0x63c2, 0x9000]) {
      expect(await broken(() => ({ data: new Uint8Array(0), sw }))).toBe('unprotected');
    }
  });

  it('ends when its counter would begin again', async () => {
    const keys: SessionKeys = {
      cipher: '3DES',
      encryption: hex('01'.repeat(16)),
      mac: hex('02'.repeat(16)),
      ssc: hex('FFFFFFFFFFFFFFFE'),
    };
    const card = new MirrorCard(keys, () => ({ data: new Uint8Array(0), sw: 0x9000 }));
    const channel = secureChannel(card, keys);
    await expect(channel.send({ cla: 0, ins: 0x84, p1: 0, p2: 0, le: 8 })).rejects.toThrow();
    expect(channel.alive).toBe(false);
  });

  it('goes on with another counter after a rekey and knows nothing after a wipe', async () => {
    const keys: SessionKeys = {
      cipher: '3DES',
      encryption: hex('01'.repeat(16)),
      mac: hex('02'.repeat(16)),
      ssc: hex('00'.repeat(8)),
    };
    const second = { ...keys, ssc: hex('1122334455667788') };
    let card = new MirrorCard(keys, () => ({ data: hex('AA'), sw: 0x9000 }));
    const channel = secureChannel({ send: (command) => card.send(command) }, keys);
    await channel.send({ cla: 0, ins: 0x84, p1: 0, p2: 0, le: 8 });
    card = new MirrorCard(second, () => ({ data: hex('BB'), sw: 0x9000 }));
    channel.rekey({ ssc: second.ssc });
    expect(text((await channel.send({ cla: 0, ins: 0x84, p1: 0, p2: 0, le: 8 })).data)).toBe('BB');
    channel.wipe();
    await expect(channel.send({ cla: 0, ins: 0x84, p1: 0, p2: 0 })).rejects.toThrow('CARD_CHANNEL_BROKEN');
    expect(() => channel.rekey({ ssc: second.ssc })).toThrow('CARD_CHANNEL_BROKEN');
  });

  it('of any answer gives data with a right MAC, or a named error', () => {
    fc.assert(
      fc.property(
        keysOf,
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 0, max: 0xffff }),
        (keys, data, sw) => {
          try {
            unprotect(keys, { data, sw });
            expect.unreachable('random bytes had a right MAC');
          } catch (error) {
            expect(isJollyError(error, 'CARD_CHANNEL_BROKEN')).toBe(true);
          }
        },
      ),
    );
  });
});
