import { createECDH } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modPow, systemFill } from '../crypto/index.ts';
import { bytesToNumber, numberToBytes } from './big-numbers.ts';
import { CURVE_IDS, curveById } from './curves.ts';
import { curveGroup, integerGroup, type KeyGroup } from './key-agreement.ts';
import { MODP_IDS, modpGroupById } from './modp-groups.ts';

/** The same curves in another library. */
const FOREIGN: Readonly<Record<number, string>> = {
  10: 'secp224r1',
  11: 'brainpoolP224r1',
  12: 'prime256v1',
  13: 'brainpoolP256r1',
  14: 'brainpoolP320r1',
  15: 'secp384r1',
  16: 'brainpoolP384r1',
  17: 'brainpoolP512r1',
  18: 'secp521r1',
};

function curve(id: number) {
  const found = curveById(id);
  if (!found) throw new Error(`no curve ${id}`);
  return found;
}
function modp(id: number) {
  const found = modpGroupById(id);
  if (!found) throw new Error(`no group ${id}`);
  return found;
}
const groups: readonly (readonly [string, () => KeyGroup])[] = [
  ...CURVE_IDS.map((id) => [`curve ${id}`, () => curveGroup(curve(id))] as const),
  ...MODP_IDS.map((id) => [`integers ${id}`, () => integerGroup(modp(id))] as const),
];
const nonceOf16 = () => crypto.getRandomValues(new Uint8Array(16));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('numbers and bytes', () => {
  test('go over and back at any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(hex(numberToBytes(bytesToNumber(bytes), bytes.length))).toBe(hex(bytes));
        expect(bytesToNumber(bytes)).toBe(BigInt(`0x0${hex(bytes)}`));
      }),
    );
    expect(() => numberToBytes(256n, 1)).toThrow(RangeError);
  });
});

describe('groups', () => {
  test.each(CURVE_IDS)('curve %i agrees with another library', (id) => {
    const foreign = createECDH(FOREIGN[id] ?? '');
    const other = Uint8Array.from(foreign.generateKeys());
    const group = curveGroup(curve(id));
    const own = group.generate(systemFill);
    expect(hex(group.agree(own, other))).toBe(foreign.computeSecret(own.publicKey).toString('hex'));
  });

  test.each(MODP_IDS)('integers %i: the constants are a subgroup of prime order', (id) => {
    const { p, q, g } = modp(id);
    expect([p.length, g.length]).toEqual(id === 0 ? [128, 128] : [256, 256]);
    expect([20, 28, 32][id]).toBe(q.length);
    const [np, nq] = [bytesToNumber(p), bytesToNumber(q)];
    expect((np - 1n) % nq).toBe(0n);
    expect(bytesToNumber(modPow(g, q, p))).toBe(1n);
    // Fermat to a few bases: a wrong digit in a table would not pass
    for (const n of [p, q]) {
      const before = numberToBytes(bytesToNumber(n) - 1n, n.length);
      for (const base of [2, 3, 5]) expect(bytesToNumber(modPow(Uint8Array.of(base), before, n))).toBe(1n);
    }
  });

  test.each(groups)('%s: both sides map alike and agree alike', (_, make) => {
    const group = make();
    const nonce = nonceOf16();
    const [terminal, chip] = [group.generate(systemFill), group.generate(systemFill)];
    const there = group.map(nonce, terminal, chip.publicKey);
    const here = group.map(nonce, chip, terminal.publicKey);
    const [one, other] = [there.generate(systemFill), here.generate(systemFill)];
    expect(hex(there.agree(one, other.publicKey))).toBe(hex(here.agree(other, one.publicKey)));
    const wrong = group.map(nonceOf16(), chip, terminal.publicKey);
    const third = wrong.generate(systemFill);
    expect(hex(there.agree(one, third.publicKey))).not.toBe(hex(wrong.agree(third, one.publicKey)));
  });

  test.each(groups)('%s: takes no key that is its own, neutral, outside or of another length', (_, make) => {
    const group = make();
    const own = group.generate(systemFill);
    const good = group.generate(systemFill).publicKey;
    const bad: Uint8Array[] = [
      own.publicKey,
      good.subarray(1),
      new Uint8Array(good.length),
      Uint8Array.of(0),
    ];
    const off = Uint8Array.from(good);
    off[off.length - 1] = (off[off.length - 1] ?? 0) ^ 1;
    bad.push(off, new Uint8Array(good.length).fill(0xff), new Uint8Array(0));
    if (group.kind === 'dh') {
      const one = new Uint8Array(good.length);
      one[one.length - 1] = 1;
      bad.push(one);
    } else {
      bad.push(Uint8Array.of(2, ...good.subarray(1, (good.length + 1) / 2)));
      bad.push(Uint8Array.of(6, ...good.subarray(1)));
    }
    for (const key of bad) {
      expect(() => group.agree(own, key)).toThrow(/CARD_ANSWER_INVALID/);
      expect(() => group.map(new Uint8Array(16), own, key)).toThrow(/CARD_ANSWER_INVALID/);
    }
  });

  test('the order p-1 of the integers is no way in', () => {
    const { p } = modp(1);
    const group = integerGroup(modp(1));
    const own = group.generate(systemFill);
    const minusOne = numberToBytes(bytesToNumber(p) - 1n, p.length);
    expect(() => group.agree(own, minusOne)).toThrow(/CARD_ANSWER_INVALID/);
  });

  test('secrets are drawn again until they fit, and not for ever', () => {
    const group = curveGroup(curve(12));
    let draws = 0;
    const own = group.generate((into) => {
      draws += 1;
      if (draws < 3) into.fill(draws === 1 ? 0xff : 0);
      else systemFill(into);
    });
    expect(draws).toBe(3);
    expect(own.secret.length).toBe(32);
    expect(() => group.generate((into) => into.fill(0))).toThrow(/random/);
  });
});
