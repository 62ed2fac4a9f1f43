import { describe, expect, it } from 'vitest';
import { AtrOfReader } from './atr.ts';

const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
const NONE = new Uint8Array(0);

/** Fails with these words of PC/SC first, then has the ATR. */
function reader(...words: readonly string[]) {
  let asked = 0;
  const atr = new AtrOfReader(async () => {
    const word = words[asked];
    asked += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (word !== undefined) throw Object.assign(new Error(word), { code: word });
    return ATR;
  });
  return { atr, asked: () => asked };
}

describe('the ATR of a card that others use, too', () => {
  it('is asked for again when a transaction ended with a reset meanwhile', async () => {
    const { atr, asked } = reader('ResetCard', 'ResetCard');
    expect(await atr.of(1)).toEqual(ATR);
    expect(asked()).toBe(3);
  });

  it('is asked for once, however often the card is told of', async () => {
    const { atr, asked } = reader();
    expect(await Promise.all([atr.of(1), atr.of(1)])).toEqual([ATR, ATR]);
    expect(await atr.of(1)).toEqual(ATR);
    expect(asked()).toBe(1);
  });

  it('is asked for anew when the card moved, or was none for a while', async () => {
    const { atr, asked } = reader();
    await atr.of(1);
    await atr.of(3);
    atr.forget();
    await atr.of(3);
    expect(asked()).toBe(3);
  });

  it('is not there while another program holds the card alone, and is when it is told of again', async () => {
    const { atr, asked } = reader('SharingViolation');
    expect(await atr.of(1)).toEqual(NONE);
    expect(asked()).toBe(1);
    expect(await atr.of(1)).toEqual(ATR);
  });

  it('is given up when resets have no end', async () => {
    const { atr, asked } = reader(...Array<string>(100).fill('ResetCard'));
    expect(await atr.of(1)).toEqual(NONE);
    expect(asked()).toBeLessThan(10);
  });

  it('is not asked for again once the card has left', async () => {
    const { atr, asked } = reader('ResetCard');
    const asking = atr.of(1);
    atr.forget();
    expect(await asking).toEqual(NONE);
    expect(asked()).toBe(1);
  });
});
