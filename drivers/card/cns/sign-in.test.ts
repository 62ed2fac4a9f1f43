import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
  verify,
} from 'node:crypto';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { loginText } from '@jolly/contracts/citizen-login';
import { isJollyError, SecretDigits } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchange } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import { isCnsAtr, lookAtCns, readCertificate, readPersonalData, signInWithCns } from './index.ts';

const context: LoginContext = {
  tenantId: 'comune-di-prova' as LoginContext['tenantId'],
  terminalId: 'totem-1' as LoginContext['terminalId'],
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
};
const code = (name: string, detail: object = {}) =>
  expect.objectContaining({ code: name, detail: expect.objectContaining(detail) });

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Uint8Array.of(tag, ...length, ...content);
}

/** A certificate that nobody issued: just enough of X.509 for a public key. */
function certificateOf(publicKey: KeyObject, privateKey: KeyObject): Uint8Array {
  const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
  const algorithm = der(0x30, oid('2a864886f70d01010b'), der(0x05));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('TSTCRD81H43H501X/1')))));
  const day = (text: string) => der(0x17, Buffer.from(text));
  const tbs = der(
    0x30,
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(1)),
    algorithm,
    name,
    der(0x30, day('250101000000Z'), day('450101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  return der(0x30, tbs, algorithm, der(0x03, Uint8Array.of(0), sign('sha256', tbs, privateKey)));
}

function citizen(bits: number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return { publicKey, privateKey, certificate: certificateOf(publicKey, privateKey) };
}
const [small, large] = [citizen(1024), citizen(2048)];

const digits = (text: string) => {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
};

interface CardSettings {
  readonly of?: ReturnType<typeof citizen>;
  readonly padding?: number;
  readonly personal?: Uint8Array;
  readonly verify?: number | 'lost';
  readonly t0?: boolean;
  readonly signature?: (right: Uint8Array) => Uint8Array;
  readonly certificate?: Uint8Array;
}

/** A TS-CNS of a few lines, behind the real exchange. */
function card(settings: CardSettings = {}, onCommand: (apdu: Uint8Array) => void = () => undefined) {
  const of = settings.of ?? large;
  const certificate = settings.certificate ?? of.certificate;
  const files = new Map<number, Uint8Array>([
    [0x1003, Buffer.from('6030000123456789')],
    [0x1101, Buffer.concat([certificate, new Uint8Array(settings.padding ?? 0)])],
    [0x1102, settings.personal ?? new Uint8Array(0)],
  ]);
  const seen: Uint8Array[] = [];
  let selected = new Uint8Array(0);
  let chained = new Uint8Array(0);
  let held = new Uint8Array(0);
  const sw = (word: number) => Uint8Array.of(word >> 8, word & 0xff);
  const give = (data: Uint8Array) => {
    if (!settings.t0 || data.length === 0) return Uint8Array.of(...data, ...sw(0x9000));
    held = Uint8Array.from(data);
    return sw(0x6100 | (data.length & 0xff));
  };
  const transmit = (apdu: Uint8Array): Promise<Uint8Array> => {
    seen.push(apdu.slice());
    onCommand(apdu);
    const [cla = 0, ins, p1 = 0, p2 = 0] = apdu;
    const data = apdu.slice(5, 5 + (apdu[4] ?? 0));
    switch (ins) {
      case 0xa4: {
        const fid = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
        selected = Uint8Array.from(files.get(fid) ?? []);
        const there = files.has(fid) || [0x3f00, 0x1000, 0x1100].includes(fid);
        return Promise.resolve(there ? give(Uint8Array.of(0x6f, 0x00)) : sw(0x6a82));
      }
      case 0xc0:
        return Promise.resolve(Uint8Array.of(...held, ...sw(0x9000)));
      case 0xb0: {
        const at = (p1 << 8) | p2;
        const wanted = apdu[4] || 256;
        const left = selected.length - at;
        if (left < 0) return Promise.resolve(sw(0x6b00));
        if (settings.t0 && wanted > left) return Promise.resolve(sw(0x6c00 | left));
        const piece = selected.subarray(at, at + wanted);
        return Promise.resolve(Uint8Array.of(...piece, ...sw(piece.length < wanted ? 0x6282 : 0x9000)));
      }
      case 0x20:
        if (settings.verify === 'lost') return Promise.reject(cardError('CARD_REMOVED'));
        return Promise.resolve(sw(settings.verify ?? 0x9000));
      case 0x22:
        return Promise.resolve(sw(0x9000));
      case 0x2a: {
        chained = Uint8Array.of(...chained, ...data);
        if (cla === 0x10) return Promise.resolve(sw(0x9000));
        const raw = privateEncrypt({ key: of.privateKey, padding: constants.RSA_NO_PADDING }, chained);
        chained = new Uint8Array(0);
        return Promise.resolve(give(settings.signature?.(raw) ?? raw));
      }
      default:
        return Promise.resolve(sw(0x6d00));
    }
  };
  const verifies = () => seen.filter((apdu) => apdu[1] === 0x20);
  return { channel: exchange({ transmit }), seen, verifies };
}

describe('a TS-CNS', () => {
  it('is known by its ATR', () => {
    const known = (hex: string) => isCnsAtr(Uint8Array.from(Buffer.from(hex, 'hex')));
    expect(known('3b8f8001006b0508c805010111434e531031804b')).toBe(true);
    expect(known('3bff1800ffc10a31fe55006b0508c805010111434e5310318005')).toBe(true);
    expect(known('3b8f80018031806549544e4f434e5300008290f0')).toBe(false);
    expect(known('3b80800101')).toBe(false);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (atr) => typeof isCnsAtr(atr) === 'boolean'));
  });

  it('tells its serial, and what is none is unknown', async () => {
    expect(Buffer.from((await lookAtCns(card().channel)).serial).toString()).toBe('6030000123456789');
    const other = exchange({ transmit: () => Promise.resolve(Uint8Array.of(0x6a, 0x82)) });
    await expect(lookAtCns(other)).rejects.toThrow(code('CARD_UNKNOWN'));
  });

  it('gives its certificate without what fills the file up, over T=0 as over T=1', async () => {
    for (const [padding, t0] of [
      [0, false],
      [500, false],
      [0, true],
      [500, true],
    ] as const) {
      const certificate = await readCertificate(card({ padding, t0 }).channel);
      expect(Buffer.compare(certificate, large.certificate)).toBe(0);
    }
  });

  it('gives personal data in pieces', async () => {
    const body = `046030${'00'.repeat(14)}C8${'x'.repeat(200)}`;
    const file = Buffer.from(`${body.length.toString(16).padStart(6, '0')}${body}`, 'latin1');
    const padded = Buffer.concat([file, new Uint8Array(150)]);
    const data = await readPersonalData(card({ personal: padded, t0: true }).channel);
    expect(data).toMatchObject({ issuerCode: '6030', notes: 'x'.repeat(200) });
  });

  it.each([
    ['RSA 1024', small, false],
    ['RSA 2048', large, false],
    ['RSA 2048 over T=0', large, true],
  ])('signs a login (%s)', async (_, of, t0) => {
    const { channel, seen, verifies } = card({ of, t0, padding: 100 });
    const steps: string[] = [];
    const proof = await signInWithCns(channel, digits('12345'), context, {
      onStep: (step, done, total) => steps.push(`${step} ${done}/${total}`),
    });
    expect(proof.kind).toBe('cns-pin');
    expect(verify('sha256', Buffer.from(loginText(context)), of.publicKey, proof.signature)).toBe(true);
    expect(verifies().map((apdu) => Buffer.from(apdu).toString('hex'))).toEqual([
      '00200010083132333435ffffff',
    ]);
    expect(seen.some((apdu) => Buffer.from(apdu).toString('hex') === '0022f30300')).toBe(true);
    expect(steps).toEqual(['certificate 0/3', 'secret 1/3', 'signature 2/3', 'signature 3/3']);
  });

  it('takes another PIN reference only when it is set', async () => {
    const { channel, verifies } = card();
    await signInWithCns(channel, digits('12345678'), context, { pinReference: 0x90 });
    expect(verifies()[0]?.slice(0, 5)).toEqual(Uint8Array.of(0, 0x20, 0, 0x90, 8));
  });
});

describe('a PIN of a TS-CNS', () => {
  it.each(['', '1', '1234'])('of %s digits is refused before the card is spoken to', async (text) => {
    const { channel, seen } = card();
    await expect(signInWithCns(channel, digits(text), context)).rejects.toThrow(code('SECRET_MALFORMED'));
    expect(seen).toHaveLength(0);
  });

  it.each([
    [0x63c2, 'PIN_WRONG', { triesLeft: 2 }],
    [0x63c1, 'PIN_WRONG', { triesLeft: 1 }],
    [0x63c0, 'PIN_BLOCKED', {}],
    [0x6983, 'PIN_BLOCKED', {}],
    [0x6300, 'PIN_WRONG', {}],
    [0x6984, 'CARD_REFUSED', { sw: '6984' }],
    [0x6700, 'CARD_REFUSED', { sw: '6700' }],
    [0x6c08, 'CARD_REFUSED', { sw: '6C08' }],
    [0x6a88, 'CARD_REFUSED', { sw: '6A88' }],
    ['lost', 'PIN_UNCERTAIN', { why: 'CARD_REMOVED' }],
  ] as const)('is sent once, whatever comes (%s: %s)', async (answer, name, detail) => {
    const { channel, verifies } = card({ verify: answer });
    const pin = digits('123456');
    await expect(signInWithCns(channel, pin, context)).rejects.toThrow(code(name, detail));
    expect(verifies()).toHaveLength(1);
    expect(pin.length, 'the caller wipes it').toBe(6);
  });

  it('that was wiped while the card was read, or is given up, is not sent', async () => {
    const pin = digits('12345678');
    const wiped = card({}, (apdu) => apdu[1] === 0xb0 && pin.wipe());
    await expect(signInWithCns(wiped.channel, pin, context)).rejects.toThrow(code('SECRET_MALFORMED'));
    expect(wiped.verifies()).toHaveLength(0);

    const giving = new AbortController();
    const stopped = card({}, (apdu) => apdu[1] === 0xb0 && giving.abort());
    const options = { signal: giving.signal };
    const act = signInWithCns(stopped.channel, digits('12345678'), context, options);
    await expect(act).rejects.toThrow(code('CARD_SLOW'));
    expect(stopped.verifies()).toHaveLength(0);
  });

  it('is not asked of a card whose certificate is of no use', async () => {
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const wrongs = [
      [citizen(1536).certificate, 'key'],
      [certificateOf(elliptic.publicKey, elliptic.privateKey), 'key'],
      [Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x01), 'no-certificate'],
      [Uint8Array.of(0x31, 0x00), 'no-certificate'],
      [Uint8Array.of(0x30, 0x80, 0x00, 0x00), 'der'],
      [Uint8Array.of(0x30, 0x82, 0x7f, 0xff, 0x00), 'file-too-long'],
      [Uint8Array.of(0x30, 0x82, 0x04, 0x00, 0x00), 'file-too-short'],
    ] as const;
    for (const [certificate, reason] of wrongs) {
      const { channel, verifies } = card({ certificate });
      const act = signInWithCns(channel, digits('12345'), context);
      await expect(act).rejects.toThrow(code('CARD_ANSWER_INVALID', { why: reason }));
      expect(verifies()).toHaveLength(0);
    }
  });
});

describe('a signature of a TS-CNS', () => {
  const wrong: Record<string, (right: Uint8Array) => Uint8Array> = {
    'by another key': () => sign('sha256', Buffer.from(loginText(context)), citizen(2048).privateKey),
    'over another text': () => sign('sha256', Buffer.from('x'), large.privateKey),
    'with another padding': () =>
      sign('sha256', Buffer.from(loginText(context)), {
        key: large.privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
      }),
    'one bit off': (right) => right.with(200, (right[200] ?? 0) ^ 1),
    'too short': (right) => right.slice(1),
    'that is the hash itself': () => createHash('sha256').update(loginText(context)).digest(),
    'that is empty': () => new Uint8Array(0),
  };
  it.each(Object.keys(wrong))('%s is not given out', async (name) => {
    const { channel } = card({ signature: wrong[name] as (right: Uint8Array) => Uint8Array });
    const act = signInWithCns(channel, digits('12345'), context);
    await expect(act).rejects.toThrow(code('CARD_NOT_GENUINE', { proof: 'signature' }));
  });
});

describe('a card that answers anything', () => {
  it('ends every act with a named error or a result, after a bounded number of commands', async () => {
    const answers = fc.array(fc.uint8Array({ minLength: 2, maxLength: 300 }), {
      minLength: 1,
      maxLength: 12,
    });
    const nearly = fc
      .tuple(fc.uint8Array({ maxLength: 255 }), fc.constantFrom(0x9000, 0x6282, 0x61ff, 0x6c10, 0x6b00))
      .map(([data, sw]) => Uint8Array.of(...data, sw >> 8, sw & 0xff));
    const acts = [lookAtCns, readPersonalData, readCertificate];
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(answers, fc.array(nearly, { minLength: 1, maxLength: 12 })),
        fc.constantFrom(...acts),
        async (said, act) => {
          let count = 0;
          const transmit = () => {
            const answer =
              count < 6 && count % 2 === 0 ? Uint8Array.of(0x90, 0x00) : said[count % said.length];
            count += 1;
            return Promise.resolve((answer as Uint8Array).slice());
          };
          try {
            await act(exchange({ transmit }));
          } catch (error) {
            if (!isJollyError(error)) throw error;
          }
          expect(count).toBeLessThan(70_000 / 16);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives up a file that comes byte by byte', async () => {
    let count = 0;
    const transmit = (apdu: Uint8Array) => {
      count += 1;
      return Promise.resolve(apdu[1] === 0xb0 ? Uint8Array.of(0x30, 0x90, 0) : Uint8Array.of(0x90, 0));
    };
    await expect(readCertificate(exchange({ transmit }))).rejects.toThrow(code('CARD_ANSWER_INVALID'));
    expect(count).toBeLessThan(20);
  });
});
