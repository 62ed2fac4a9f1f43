import { createHash, verify, X509Certificate } from 'node:crypto';
import { type LoginContext, loginText } from '@jolly/contracts/citizen-login';
import { isJollyError, SecretDigits } from '@jolly/contracts/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cards, createCards, type EmulatedCard } from '../../../simulators/card/index.ts';
import { type CieOptions, changeCiePin, lookAtCie, newTrace, signInWithCie, unblockCiePin } from './index.ts';

const context: LoginContext = {
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
};
const VERIFY = 0x20;
/** GET RESPONSE only fetches what was answered. */
const isNoRest = (ins: number) => ins !== 0xc0;

let cards: Cards;
let csca: X509Certificate;
beforeAll(async () => {
  cards = await createCards();
  csca = new X509Certificate(cards.authority.anchors.csca);
  await Promise.all(['giulia', 'marco'].map((id) => cards.card(id)));
});

function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}

type Spoil = (answer: Uint8Array, apdu: Uint8Array, count: number) => Uint8Array;

/** A fresh card on a reader; `spoil` stands between card and driver. Keeps INS and the very buffers it was handed. */
function laid(card: EmulatedCard, spoil: Spoil = (answer) => answer) {
  card.power(true);
  const ins: number[] = [];
  const buffers: Uint8Array[] = [];
  return {
    ins,
    buffers,
    async transmit(apdu: Uint8Array): Promise<Uint8Array> {
      ins.push(apdu[1] ?? 0);
      buffers.push(apdu);
      return Uint8Array.from(spoil(card.answer(Uint8Array.from(apdu)), apdu, ins.length));
    },
  };
}

const options = (more: Partial<CieOptions> = {}): CieOptions => ({
  anchors: [csca],
  at: Date.now(),
  ...more,
});
const failure = (act: Promise<unknown>) =>
  act.then(
    (done) => done ?? 'done',
    (error: unknown) => (isJollyError(error) ? error : String(error)),
  );
const codeOf = async (act: Promise<unknown>) => {
  const failed = await failure(act);
  return isJollyError(failed) ? failed.code : typeof failed === 'string' ? failed : 'done';
};
const giulia = () => cards.card('giulia');
const PIN = { giulia: '27182818', marco: '16180339' } as const;
const removed = () => {
  throw Object.assign(new Error('removed'));
};

describe('a CIE on the reader', () => {
  it.each(['giulia', 'marco'] as const)('is proved and signs a login with its PIN: %s', async (id) => {
    const card = await cards.card(id);
    const known = await lookAtCie(laid(card), options());
    for (const kept of [undefined, known]) {
      const trace = newTrace();
      const proof = await signInWithCie(
        laid(card),
        digits(PIN[id]),
        context,
        options({ trace, known: kept }),
      );
      const { publicKey, subject } = new X509Certificate(proof.certificate);
      expect(verify('sha256', Buffer.from(loginText(context)), publicKey, proof.signature)).toBe(true);
      expect(proof.nis).toMatch(/^6080000000\d\d$/);
      expect(subject).toContain(proof.nis);
      expect(Buffer.from(proof.sod)).toEqual(Buffer.from(known.sod));
      expect(trace.apdus).toBeLessThanOrEqual(known.extended ? 45 : 60);
    }
  });

  it.each([
    { extended: true, manners: 'direct', padTo: 4096 },
    { extended: false, manners: 'pieces', padTo: 1024 },
    { sod: { hash: 'sha256', signature: 'pkcs1', version: 0 } },
  ] as const)('of another make signs too: %o', async (variant) => {
    const card = await cards.card('giulia', variant);
    const trace = newTrace();
    const signing = signInWithCie(laid(card), digits(PIN.giulia), context, options({ trace }));
    expect(await failure(signing)).toMatchObject({ kind: 'cie-pin' });
    // A card that gives every answer in pieces costs a GET RESPONSE each time.
    const most = { true: 45, false: 75, undefined: 60 }[String(variant.extended) as 'true'];
    expect(trace.apdus).toBeLessThanOrEqual(most);
  });

  it('goes by short APDUs where the reader carries no others', async () => {
    const trace = newTrace();
    const card = laid(await cards.card('marco'));
    await signInWithCie(card, digits(PIN.marco), context, options({ trace, extended: false }));
    expect(trace.extendedUsed).toBe(false);
  });

  it('leaves no command with a secret in memory', async () => {
    const card = laid(await giulia());
    const pin = digits(PIN.giulia);
    await signInWithCie(card, pin, context, options());
    expect(card.ins.filter((ins) => ins === VERIFY).length).toBe(1);
    expect(card.buffers.every((buffer) => buffer.every((byte) => byte === 0))).toBe(true);
    expect(pin.length).toBe(8);
  });
});

describe('a card that is not what it seems', () => {
  it.each([
    ['clone', { clone: true, badSod: false }],
    ['badSod', { clone: false, badSod: true }],
  ] as const)('(%s) is refused at the look, and before any PIN', async (_, trouble) => {
    const card = await cards.card('giulia', {});
    Object.assign(card.trouble, trouble);
    expect(await codeOf(lookAtCie(laid(card), options()))).toBe('CARD_NOT_GENUINE');
    const reader = laid(card);
    expect(await codeOf(signInWithCie(reader, digits(PIN.giulia), context, options()))).toBe(
      'CARD_NOT_GENUINE',
    );
    expect(reader.ins).not.toContain(VERIFY);
  });

  it('is refused when nobody trusted signed for it', async () => {
    const stranger = new X509Certificate((await createCards()).authority.anchors.csca);
    const looked = failure(lookAtCie(laid(await giulia()), options({ anchors: [stranger] })));
    expect(await looked).toMatchObject({ detail: { proof: 'sod', why: 'SOD_SIGNER_UNTRUSTED' } });
    expect(await codeOf(lookAtCie(laid(await giulia()), options({ anchors: undefined })))).toBe('done');
  });

  it('is not signed in when another one was meant', async () => {
    const reader = laid(await giulia());
    const another = () => {
      throw new Error('another');
    };
    const signing = signInWithCie(reader, digits(PIN.giulia), context, options({ confirm: another }));
    expect(await codeOf(signing)).toContain('another');
    expect(reader.ins).not.toContain(VERIFY);
  });

  it('is unknown when it selects nothing', async () => {
    const card = laid(await giulia(), () => Uint8Array.of(0x6a, 0x82));
    expect(await codeOf(lookAtCie(card, options()))).toBe('CARD_UNKNOWN');
    expect(card.ins.length).toBeLessThan(10);
  });
});

describe('a PIN', () => {
  it('that is not eight digits never reaches the card', async () => {
    for (const text of ['', '1234567']) {
      const reader = laid(await giulia());
      for (const act of [
        signInWithCie(reader, digits(text), context, options()),
        changeCiePin(reader, digits(PIN.giulia), digits(text), options()),
        unblockCiePin(reader, digits(text), digits(PIN.giulia), options()),
      ]) {
        expect(await codeOf(act)).toBe('SECRET_MALFORMED');
      }
      expect(reader.ins).toEqual([]);
    }
  });

  it.each(['pin', 'puk', 'new-pin'] as const)('(%s) that was wiped meanwhile is not sent', async (which) => {
    const card = await cards.card('giulia', {});
    const secrets = { pin: digits(PIN.giulia), puk: digits('31415926'), 'new-pin': digits('99887766') };
    const wipeAt = which === 'new-pin' ? VERIFY : 0x88;
    const reader = laid(card, (answer, apdu) => {
      if (apdu[1] === wipeAt) secrets[which].wipe();
      return answer;
    });
    const { pin, puk, 'new-pin': next } = secrets;
    const act =
      which === 'pin'
        ? signInWithCie(reader, pin, context, options())
        : which === 'puk'
          ? unblockCiePin(reader, puk, next, options())
          : changeCiePin(reader, pin, next, options());
    expect(await codeOf(act)).toBe('SECRET_MALFORMED');
    expect(reader.ins.filter(isNoRest).at(-1)).toBe(wipeAt);
    expect([card.pin.left, card.puk.left]).toEqual([3, 10]);
  });

  it('is not sent, and none is changed, once the act is given up', async () => {
    const card = await cards.card('giulia', {});
    for (const last of [0x88, VERIFY]) {
      const giving = new AbortController();
      const reader = laid(card, (answer, apdu) => {
        if (apdu[1] === last) giving.abort();
        return answer;
      });
      const given = options({ signal: giving.signal });
      const act = changeCiePin(reader, digits(PIN.giulia), digits('99887766'), given);
      expect(await failure(act)).toMatchObject({ code: 'CARD_SLOW', detail: { why: 'given-up' } });
      expect(reader.ins.filter(isNoRest).at(-1)).toBe(last);
    }
  });

  it('wrong three times blocks, the PUK cures, a new one opens', async () => {
    const card = await cards.card('giulia', {});
    const wrong = () => failure(signInWithCie(laid(card), digits('00000000'), context, options()));
    expect(await wrong()).toMatchObject({ code: 'PIN_WRONG', detail: { triesLeft: 2 } });
    expect(await wrong()).toMatchObject({ code: 'PIN_WRONG', detail: { triesLeft: 1 } });
    expect(await wrong()).toMatchObject({ code: 'PIN_BLOCKED' });
    const right = () => codeOf(signInWithCie(laid(card), digits(PIN.giulia), context, options()));
    expect(await right()).toBe('PIN_BLOCKED');
    const unblock = (puk: string) =>
      failure(unblockCiePin(laid(card), digits(puk), digits('99887766'), options()));
    expect(await unblock('00000000')).toMatchObject({ code: 'PUK_WRONG', detail: { triesLeft: 9 } });
    expect(await unblock('31415926')).toBe('done');
    expect(await right()).toBe('PIN_WRONG');
    const change = changeCiePin(laid(card), digits('99887766'), digits(PIN.giulia), options());
    expect(await failure(change)).toBe('done');
    expect(await right()).toBe('done');
  });

  it('costs exactly one try, whatever happens to the card at any command of the login', async () => {
    const card = await cards.card('giulia', {});
    const plain = laid(card);
    await signInWithCie(plain, digits(PIN.giulia), context, options());
    const verifyAt = plain.ins.indexOf(VERIFY) + 1;
    for (let at = 1; at <= plain.ins.length; at += 1) {
      card.pin.refill();
      const reader = laid(card, (answer, _, count) => (count === at ? removed() : answer));
      const wrongPin = at <= verifyAt ? '00000000' : PIN.giulia;
      const code = await codeOf(signInWithCie(reader, digits(wrongPin), context, options()));
      expect([at, code]).toEqual([at, at === verifyAt ? 'PIN_UNCERTAIN' : 'Error: removed']);
      expect([at, card.pin.left]).toEqual([at, at === verifyAt ? 2 : 3]);
      expect(reader.ins.length).toBe(at);
    }
  });
});

describe('what a card answers', () => {
  it('with one bit turned ends the login in a named error, never in two tries', async () => {
    const card = await cards.card('giulia', {});
    const plain = laid(card);
    await signInWithCie(plain, digits(PIN.giulia), context, options());
    const verifyAt = plain.ins.indexOf(VERIFY) + 1;
    // The certificate is the second command of the channel.
    const secured = plain.ins.indexOf(0x2a);
    for (let at = secured; at <= plain.ins.length; at += 1) {
      card.pin.refill();
      const reader = laid(card, (answer, _, count) => {
        if (count !== at) return answer;
        const turned = Uint8Array.from(answer);
        turned[turned.length >> 1] = (turned[turned.length >> 1] ?? 0) ^ 0x04;
        return turned;
      });
      const code = await codeOf(signInWithCie(reader, digits(PIN.giulia), context, options()));
      const expected =
        at === verifyAt ? /^PIN_UNCERTAIN$/ : /^CARD_(CHANNEL_BROKEN|ANSWER_INVALID|NOT_GENUINE)$/;
      expect([at, code]).toEqual([at, expect.stringMatching(expected)]);
      expect(reader.ins.filter((ins) => ins === VERIFY).length).toBeLessThanOrEqual(1);
    }
  });

  it('may be any bytes at any command: a named error, soon, and at most one PIN', async () => {
    const card = await cards.card('giulia', {});
    const plain = laid(card);
    await signInWithCie(plain, digits(PIN.giulia), context, options());
    const noise = (seed: string, length: number) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 1) {
        if (at % 32 === 0)
          bytes.set(
            createHash('sha256')
              .update(`${seed} ${at}`)
              .digest()
              .subarray(0, length - at),
            at,
          );
      }
      return bytes;
    };
    const kinds: ((seed: string) => Uint8Array)[] = [
      (seed) => noise(seed, 1 + (noise(seed, 1)[0] ?? 0)),
      (seed) => Uint8Array.from([...noise(seed, 40), 0x90, 0x00]),
      (seed) => Uint8Array.from([...noise(seed, 256), 0x61, 0x00]),
      () => Uint8Array.of(0x90, 0x00),
      () => Uint8Array.of(0x61, 0x00),
      () => Uint8Array.of(0x6c, 0x10),
      () => new Uint8Array(0),
      () => Uint8Array.of(0x70, 0x83, 0xff, 0xff, 0xff, 0x90, 0x00),
    ];
    for (let at = 1; at <= plain.ins.length; at += 1) {
      for (const [index, kind] of kinds.entries()) {
        // Every kind of nonsense, every command; not each with each, for the sake of the suite's time.
        if ((at + index) % 3 !== 0) continue;
        card.pin.refill();
        // From that command on the card talks nonsense for ever.
        const reader = laid(card, (answer, _, count) =>
          count < at ? answer : kind(`${at} ${index} ${count}`),
        );
        const code = await codeOf(signInWithCie(reader, digits(PIN.giulia), context, options()));
        expect([at, index, code]).toEqual([at, index, expect.stringMatching(/^(CARD|PIN)_[A-Z_]+$/)]);
        expect(reader.ins.length).toBeLessThan(at + 220);
        expect(reader.ins.filter((ins) => ins === VERIFY).length).toBeLessThanOrEqual(1);
      }
    }
  });
});
