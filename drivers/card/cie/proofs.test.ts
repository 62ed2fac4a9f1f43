import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import { isJollyError } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CardChannel, writeTlv } from '../apdu/index.ts';
import { modPow, toBigInt, toBytes } from '../crypto/index.ts';
import { exchangeKeys, type Group, readGroup } from './key-exchange.ts';
import { TERMINAL_EXPONENT, TERMINAL_MODULUS } from './published-keys.ts';
import { readRsaKey, signedByType1 } from './rsa.ts';
import type { CieSession } from './session.ts';
import { newTrace, systemFill } from './settings.ts';

const failure = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error: unknown) => (isJollyError(error) ? `${error.code} ${error.detail.why}` : String(error)),
  );

describe('the published terminal key', () => {
  it('is a pair', () => {
    const message = new Uint8Array(256).map((_, at) => (at * 7) & 0x7f);
    const signed = modPow(message, TERMINAL_EXPONENT, TERMINAL_MODULUS);
    expect(modPow(signed, Uint8Array.of(1, 0, 1), TERMINAL_MODULUS)).toEqual(message);
  });
});

describe('a challenge signed by the card', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const key = readRsaKey(new Uint8Array(pair.publicKey.export({ type: 'pkcs1', format: 'der' })), 'x');
  const challenge = new Uint8Array(32).fill(0xa5);
  const raw = (block: Uint8Array) =>
    privateEncrypt({ key: pair.privateKey, padding: constants.RSA_NO_PADDING }, block);
  const block = (...middle: readonly number[]) =>
    Uint8Array.from([
      0,
      1,
      ...middle,
      ...new Uint8Array(125 - 32 - middle.length).fill(0xff),
      0,
      ...challenge,
    ]);

  it('is the whole block 00 01 FF…FF 00 challenge', () => {
    expect(signedByType1(key, raw(block()), challenge)).toBe(true);
    const type2 = block();
    type2[1] = 2;
    const earlyEnd = block();
    earlyEnd[60] = 0;
    const filler = block();
    filler[20] = 0xfe;
    for (const wrong of [type2, earlyEnd, filler])
      expect(signedByType1(key, raw(wrong), challenge)).toBe(false);
    expect(signedByType1(key, raw(block()), Uint8Array.from(challenge.subarray(1)))).toBe(false);
    expect(signedByType1(key, raw(block()).subarray(1), challenge)).toBe(false);
    expect(signedByType1(key, new Uint8Array(128), challenge)).toBe(false);
  });

  it('is never found in random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 128, maxLength: 128 }), (answer) => {
        expect(signedByType1(key, answer, challenge)).toBe(false);
      }),
    );
  });

  it('is asked of a key of a sensible size and form only', () => {
    for (const file of [
      writeTlv(0x30, writeTlv(0x02, Uint8Array.of(15)), writeTlv(0x02, Uint8Array.of(3))),
      writeTlv(0x30, writeTlv(0x02, new Uint8Array(128).fill(0x7e)), writeTlv(0x02, Uint8Array.of(3))),
      writeTlv(0x30, writeTlv(0x02, new Uint8Array(128).fill(0x7f))),
      writeTlv(0x31, writeTlv(0x02, new Uint8Array(128).fill(0x7f)), writeTlv(0x02, Uint8Array.of(3))),
      Uint8Array.of(0x30, 0x80),
      new Uint8Array(0),
    ]) {
      expect(() => readRsaKey(file, 'x')).toThrow('CARD_ANSWER_INVALID');
    }
  });
});

describe('the key exchange', () => {
  // Group 0 of RFC 5114 would do; any odd number of 1024 bits serves to see what is refused.
  const p = new Uint8Array(128).fill(0xff);
  const group: Group = { g: Uint8Array.of(2), p, q: new Uint8Array(20).fill(0xff) };
  const answering = (theirs: Uint8Array): CieSession => {
    const plain: CardChannel = {
      send: async ({ ins }) => ({
        data: ins === 0xcb ? writeTlv(0xa6, writeTlv(0x91, theirs)) : new Uint8Array(0),
        sw: 0x9000,
      }),
    };
    return {
      plain,
      extended: undefined,
      trace: newTrace(),
      chunk: 256,
      securedChunk: 0xe7,
      securedBlock: 0xe7,
    };
  };
  const minus = (value: bigint) => toBytes(toBigInt(p) - value, 128);

  it('takes a public key inside the group and no other', async () => {
    for (const wrong of [
      new Uint8Array(0),
      new Uint8Array(128),
      Uint8Array.of(1),
      minus(1n),
      p,
      Uint8Array.of(1, ...p),
    ]) {
      expect(await failure(exchangeKeys(answering(wrong), group, systemFill))).toBe(
        'CARD_ANSWER_INVALID public-key',
      );
    }
    for (const right of [Uint8Array.of(2), minus(2n)]) {
      expect(await failure(exchangeKeys(answering(right), group, systemFill))).toBe('done');
    }
  });

  it('takes a group that can be one and no other', async () => {
    const reading = (parameters: Readonly<Record<number, Uint8Array>>) =>
      readGroup({
        send: async ({ data }) => {
          const tag = data?.[data.length - 2] ?? 0;
          const value = writeTlv(tag, parameters[tag] ?? new Uint8Array(0));
          return { data: writeTlv(0x70, writeTlv(0xbfa101, writeTlv(0xa3, value))), sw: 0x9000 };
        },
      });
    const good = { 151: group.g, 152: p, 153: group.q };
    expect(await failure(reading(good))).toBe('done');
    for (const [wrong, why] of [
      [{ ...good, 152: new Uint8Array(128).fill(0xfe) }, 'prime'],
      [{ ...good, 152: new Uint8Array(64).fill(0xff) }, 'prime'],
      [{ ...good, 152: new Uint8Array(600).fill(0xff) }, 'prime'],
      [{ ...good, 153: Uint8Array.of(3) }, 'order'],
      [{ ...good, 153: p }, 'order'],
      [{ ...good, 151: Uint8Array.of(1) }, 'generator'],
      [{ ...good, 151: p }, 'generator'],
    ] as const) {
      expect(await failure(reading(wrong))).toBe(`CARD_ANSWER_INVALID ${why}`);
    }
  });
});
