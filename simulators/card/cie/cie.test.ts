import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cards, createCards } from '../cards.ts';
import { ascii, concat, fromHex, valueAt } from '../tlv.ts';
import { TestTerminal } from './test-terminal.ts';

const DIGEST_INFO = fromHex('3031300d060960864801650304020105000420');
const pinOf = (digits: string) => ascii(digits);

let cards: Cards;
beforeAll(async () => {
  cards = await createCards({ now: () => Date.UTC(2026, 10, 21) });
});

async function opened(id: string, variant = {}) {
  const terminal = new TestTerminal(await cards.card(id, variant));
  expect(terminal.open()).toEqual(Array(7).fill(0x9000));
  return terminal;
}

describe('the emulated identity card', () => {
  it.each([
    ['giulia', 'exactly as long as their content, direct answers'],
    ['marco', 'filled up with zeros, answers in pieces'],
  ])('opens its channel, takes the PIN, gives certificate and signature (%s: files %s)', async (id) => {
    const terminal = await opened(id);
    expect(terminal.secure('00200081', pinOf(terminal.card.pin.digits)).sw).toBe(0x9000);

    terminal.secure('00A4020C', fromHex('1003'));
    let file: Uint8Array = new Uint8Array(0);
    for (let more = true; more; ) {
      const offset = [file.length >> 8, file.length & 255];
      const { data, sw } = terminal.secure(
        `00b0${Buffer.from(offset).toString('hex')}`,
        new Uint8Array(0),
        0xe7,
      );
      file = concat(file, data);
      more = sw === 0x9000 && data.length > 0;
    }
    const certificate = new X509Certificate(file.subarray(0, der(file)));
    expect(certificate.subject).toContain('O=Jolly TEST');
    expect(certificate.verify(createPublicKey(cards.authority.anchors.citizenCa))).toBe(true);

    const text = ascii('text to sign');
    const hash = await crypto.subtle.digest('SHA-256', Uint8Array.from(text));
    terminal.secure('002241A4', fromHex('800102840181'));
    const { data: signature, sw } = terminal.secure('00880000', concat(DIGEST_INFO, new Uint8Array(hash)));
    expect(sw).toBe(0x9000);
    expect(verify('sha256', text, certificate.publicKey, signature)).toBe(true);
  });

  it('answers its own anti-clone key without PIN and channel, and not as a copy', async () => {
    const card = await cards.card('giulia', {});
    const terminal = new TestTerminal(card);
    terminal.root();
    expect(Buffer.from(terminal.clear('00B081000C').data).toString()).toBe('608000000017');
    const key = createPublicKey({
      key: Buffer.from(terminal.read('1005')),
      format: 'der',
      type: 'pkcs1',
    });
    const challenge = 'a1a2a3a4a5a6a7a8';
    const asked = () => {
      expect(terminal.clear('002241A406800102840183').sw).toBe(0x9000);
      return terminal.clear(`0088000008${challenge}00`).data;
    };
    const opens = async (signature: Uint8Array) => {
      const { publicDecrypt } = await import('node:crypto');
      return publicDecrypt(key, signature).toString('hex');
    };
    expect(await opens(asked())).toBe(challenge);
    card.trouble.clone = true;
    await expect(opens(asked())).rejects.toThrow();
  });

  it('keeps what is behind the PIN shut, in clear and in the channel', async () => {
    const terminal = await opened('giulia', {});
    const word = (header: string, data?: Uint8Array, le?: number) => terminal.secure(header, data, le).sw;
    expect(word('00B08200', undefined, 9)).toBe(0x6982);
    expect(word('00B08300', undefined, 9)).toBe(0x6982);
    expect(word('002241A4', fromHex('800102840181'))).toBe(0x9000);
    expect(word('00880000', DIGEST_INFO)).toBe(0x6982);
    expect(word('002C0281', pinOf('12345678'))).toBe(0x6982);
    expect(word('00240081', pinOf('2718281812345678'))).toBe(0x6982);
    // In clear the channel is over, and with it everything.
    expect(terminal.clear('0020008108'.concat(hex('27182818'))).sw).toBe(0x6982);
    expect(terminal.secure('00200081', pinOf('27182818')).sw).toBe(0x6988);
    expect(terminal.card.pin.left).toBe(3);
  });

  it('takes no PIN before the device authentication, and none from a terminal that fails it', async () => {
    const terminal = new TestTerminal(await cards.card('giulia', {}));
    terminal.root();
    terminal.agree();
    expect(terminal.secure('00200081', pinOf('27182818')).sw).toBe(0x6982);
    expect(terminal.open('certificate')).toEqual([0x9000, 0x6300, 0x6a88, 0x9000, 0x6985, 0x9000, 0x6982]);
    expect(terminal.open('proof')).toEqual([0x9000, 0x9000, 0x9000, 0x9000, 0x6300, 0x9000, 0x6982]);
    expect(terminal.secure('00200081', pinOf('27182818')).sw).toBe(0x6982);
    expect(terminal.card.pin.left).toBe(3);
  });

  it('counts wrong PINs over resets, blocks, and is unblocked by the PUK', async () => {
    const card = await cards.card('giulia', {});
    for (const left of [2, 1, 0]) {
      const terminal = new TestTerminal(card);
      terminal.open();
      expect(terminal.secure('00200081', pinOf('00000000')).sw).toBe(0x63c0 + left);
    }
    const terminal = new TestTerminal(card);
    terminal.open();
    const word = (header: string, data?: Uint8Array) => terminal.secure(header, data).sw;
    expect(word('00200081', pinOf('27182818'))).toBe(0x6983);
    expect(word('00200082', pinOf('00000000'))).toBe(0x63c9);
    expect(word('00200082', pinOf('31415926'))).toBe(0x9000);
    expect(word('002C0281', pinOf('99887766'))).toBe(0x9000);
    expect(word('00200081', pinOf('99887766'))).toBe(0x9000);
    expect(word('00240081', pinOf('9988776612345678'))).toBe(0x9000);
    expect(word('00200081', pinOf('12345678'))).toBe(0x9000);
    expect([card.pin.left, card.puk.left]).toEqual([3, 10]);
    card.pin.restore();
    expect(card.pin.digits).toBe('27182818');
  });

  it('forgets the channel at a wrong MAC, at a reset and when an application is selected', async () => {
    const terminal = await opened('giulia', {});
    const apdu = terminal.protect([0x0c, 0x20, 0, 0x81], pinOf('27182818'), undefined);
    apdu[12] = (apdu[12] ?? 0) ^ 1;
    expect(terminal.clear(apdu).sw).toBe(0x6988);
    expect(terminal.card.pin.left).toBe(3);

    const selecting = await opened('giulia', {});
    expect(selecting.secure('00A4040C', fromHex('A00000000039')).sw).toBe(0x9000);
    expect(selecting.secure('00200081', pinOf('27182818')).sw).toBe(0x6988);

    const reset = await opened('giulia', {});
    reset.card.power(true);
    expect(reset.clear('00B081000C').sw).toBe(0x6a82);
  });

  it('takes three-byte lengths only when EF.ATR says so', async () => {
    const short = new TestTerminal(await cards.card('giulia', {}));
    const long = new TestTerminal(await cards.card('giulia', { extended: true }));
    for (const terminal of [short, long]) terminal.root();
    expect(short.clear('00B08600000800').sw).toBe(0x6700);
    expect(long.clear('00B08600000800').data.length).toBeGreaterThan(2000);
    const atr = (terminal: TestTerminal) => {
      terminal.clear('00A40000023F00');
      return Buffer.from(terminal.read('2F01')).toString('hex');
    };
    expect(atr(short)).toContain('7f660802020105020201');
    expect(atr(long)).toContain('7f66080202 04d6 0202 07e3'.replaceAll(' ', ''));
  });

  it('reads far offsets, and says what it does not have', async () => {
    const terminal = new TestTerminal(await cards.card('marco', {}));
    expect(terminal.clear('00A4040C06A00000000039').sw).toBe(0x6a82);
    terminal.root();
    const far = terminal.clear('00B100060454020000E7');
    expect(valueAt(far.data, [0x53])?.[0]).toBe(0x77);
    expect(terminal.clear('00B1000604540270 00E7').sw).toBe(0x6b00);
    expect(terminal.clear('00B0870000').sw).toBe(0x6a82);
    expect(terminal.clear('00A4020C020101').sw).toBe(0x6a82);
    expect(terminal.clear('00AA000000').sw).toBe(0x6d00);
    expect(terminal.clear('80A4000000').sw).toBe(0x6e00);
    expect(terminal.clear('00CB3FFF044D020102').sw).toBe(0x6a88);
    expect(terminal.clear('00A4').sw).toBe(0x6700);
  });
});

const hex = (text: string) => Buffer.from(text).toString('hex');

/** Length of the DER object at the start of a padded file. */
function der(file: Uint8Array): number {
  return 4 + (file[2] ?? 0) * 256 + (file[3] ?? 0);
}
