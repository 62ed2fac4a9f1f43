import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cards, createCards } from '../cards.ts';
import { signatureBlock } from '../rsa.ts';
import { ascii, concat, fromHex, numberBytes } from '../tlv.ts';

const DIGEST_INFO = fromHex('3031300d060960864801650304020105000420');

let cards: Cards;
beforeAll(async () => {
  cards = await createCards({ now: () => Date.UTC(2026, 10, 21) });
});

async function laid(id: string) {
  const card = await cards.card(id);
  card.power(true);
  const say = (apdu: Uint8Array | string) => {
    const answer = card.answer(typeof apdu === 'string' ? fromHex(apdu) : apdu);
    return { data: answer.slice(0, -2), sw: Buffer.from(answer.slice(-2)).toString('hex') };
  };
  const select = (...path: string[]) => path.map((fid) => say(`00A4000002${fid}`).sw);
  const whole = () => {
    let file: Uint8Array = new Uint8Array(0);
    for (let le = 0xff; ; ) {
      const { data, sw } = say(concat(fromHex('00b0'), numberBytes(file.length, 2), Uint8Array.of(le)));
      file = concat(file, data);
      if (sw.startsWith('6c')) le = Number.parseInt(sw.slice(2), 16);
      else if (sw !== '9000') return file;
    }
  };
  return { card, say, select, whole };
}

describe('the emulated health card', () => {
  it.each([
    ['lucia', 256, ['6111', '610d', '6111']],
    ['old-cns', 128, ['9000', '9000', '9000']],
  ] as const)('reads personal data and certificate and signs (%s)', async (id, length, selected) => {
    const { card, say, select, whole } = await laid(id);
    expect(select('3F00', '1100', '1102').map((word) => word.slice(0, 2))).toEqual(
      selected.map((word) => word.slice(0, 2)),
    );
    const text = Buffer.from(whole()).toString('latin1');
    const total = Number.parseInt(text.slice(0, 6), 16);
    const fields: string[] = [];
    for (let at = 6; at < 6 + total; ) {
      const size = Number.parseInt(text.slice(at, at + 2), 16);
      fields.push(text.slice(at + 2, at + 2 + size));
      at += 2 + size;
    }
    expect(fields).toHaveLength(16);
    const citizen = cards.citizens.find((one) => one.id === id);
    expect(fields[8]).toBe(citizen?.fiscalCode);
    expect(fields[5]).toBe(citizen?.birthDate.split('-').reverse().join(''));

    select('1101');
    const file = whole();
    expect(file.at(-1)).toBe(0);
    const certificate = new X509Certificate(file.slice(0, 4 + (file[2] ?? 0) * 256 + (file[3] ?? 0)));
    expect(certificate.subject).toContain(`CN=${citizen?.fiscalCode}/`);

    const message = randomBytes(20);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
    const block = signatureBlock(concat(DIGEST_INFO, hash), length) ?? hash;
    const sign = () => {
      if (length === 128) return say(concat(fromHex('002A9E9A80'), block, fromHex('00')));
      expect(say(concat(fromHex('102A9E9AC8'), block.slice(0, 200))).sw).toBe('9000');
      const first = say(concat(fromHex('002A9E9A38'), block.slice(200), fromHex('00')));
      return first.sw === '6100' ? say('00C0000000') : first;
    };
    expect(say('0022F30300').sw).toBe('9000');
    expect(say('0022F1B603830101').sw).toBe('9000');
    expect(sign().sw).toBe('6982');
    const pin = concat(ascii(card.pin.digits), fromHex('ffffff')).slice(0, 8);
    expect(say(concat(fromHex('0020001008'), pin)).sw).toBe('9000');
    expect(verify('sha256', message, certificate.publicKey, sign().data)).toBe(true);
  });

  it('knows its files by their place, and which card it is', async () => {
    const { say, select, whole } = await laid('old-cns');
    expect(select('1102')).toEqual(['6a82']);
    expect(say('00A40800041000 1003').sw).toBe('9000');
    expect(Buffer.from(whole()).toString()).toBe('6030999900000022');
    expect(say('00A4040C0DA0000000308000000009816001').sw).toBe('6a82');
    expect(say('00B0FFFF10').sw).toBe('6a86');
    expect(say('00B07FFF10').sw).toBe('6b00');
  });

  it('blocks after three wrong PINs and counts no PIN that is not filled up', async () => {
    const { card, say } = await laid('lucia');
    expect(say(concat(fromHex('0020001005'), ascii('24680'))).sw).toBe('6700');
    const wrong = concat(fromHex('0020001008'), ascii('11111'), fromHex('ffffff'));
    expect([say(wrong).sw, say(wrong).sw, say(wrong).sw, say(wrong).sw]).toEqual([
      ...['63c2', '63c1', '63c0', '6983'],
    ]);
    const puk = ascii(card.puk.digits);
    expect(say(concat(fromHex('002C001010'), puk, ascii('13579'), fromHex('ffffff'))).sw).toBe('9000');
    expect(say(concat(fromHex('0020001008'), ascii('13579'), fromHex('ffffff'))).sw).toBe('9000');
    expect(card.pin.digits).toBe('13579');
  });
});
