import { beforeEach, describe, expect, it } from 'vitest';
import type { EmulatedCard } from './card.ts';
import { type Fault, FaultList } from './faults.ts';
import { LaidCard, type Reaction } from './laid.ts';
import { fromHex } from './tlv.ts';
import { SecretNumber } from './tries.ts';

const protectedAnswer = '8701ff990290008e0801020304050607089000';
const heard: string[] = [];
const card: EmulatedCard = {
  kind: 'cie',
  atr: fromHex('3b80800101'),
  pin: new SecretNumber('12345678', 3),
  puk: new SecretNumber('87654321', 10),
  trouble: { clone: false, badSod: false },
  power: (on) => void heard.push(on ? 'on' : 'off'),
  answer: (apdu) => {
    heard.push(Buffer.from(apdu).toString('hex'));
    return fromHex(apdu[0] === 0x0c ? protectedAnswer : '30030102039000');
  },
};
const CLEAR = fromHex('00b0000000');
const PROTECTED = fromHex('0cb0000000');

let faults: FaultList;
let laid: LaidCard;
beforeEach(() => {
  heard.length = 0;
  faults = new FaultList();
  laid = new LaidCard(card, faults.of(0));
});

function said(reaction: Reaction): string {
  return reaction.kind === 'answer' ? Buffer.from(reaction.bytes).toString('hex') : reaction.kind;
}
const set = (fault: Fault, reader?: number) => faults.add(fault, reader);

describe('a card on a reader', () => {
  it('is pulled away at an APDU that it still gets', () => {
    set({ kind: 'remove-at', apdu: 2 });
    expect(said(laid.respond(CLEAR))).toMatch(/9000$/);
    expect(laid.respond(CLEAR)).toEqual({ kind: 'removed' });
    expect(heard).toEqual(['on', '00b0000000', '00b0000000', 'off']);
    expect(faults.all).toEqual([]);
  });

  it('spoils the MAC of one protected answer', () => {
    set({ kind: 'wrong-mac', apdu: 2 });
    const words = [PROTECTED, CLEAR, PROTECTED, PROTECTED].map((apdu) => said(laid.respond(apdu)));
    expect(words[0]).toBe(protectedAnswer);
    expect(words[2]).toBe(protectedAnswer.replace('089000', '099000'));
    expect(words[3]).toBe(protectedAnswer);
  });

  it('says an unknown word instead of doing anything', () => {
    set({ kind: 'unknown-status', apdu: 1, sw: 0x6f42 });
    expect(said(laid.respond(CLEAR))).toBe('6f42');
    expect(heard).toEqual(['on']);
    expect(said(laid.respond(CLEAR))).toMatch(/9000$/);
  });

  it('has more to say for ever, until another command comes', () => {
    set({ kind: 'endless' });
    expect(said(laid.respond(CLEAR))).toBe('6100');
    for (let times = 0; times < 50; times += 1)
      expect(said(laid.respond(fromHex('00c0000000')))).toHaveLength(516);
    expect(said(laid.respond(CLEAR))).toMatch(/9000$/);
  });

  it('lies once about a length', () => {
    set({ kind: 'lying-length' });
    expect(said(laid.respond(CLEAR))).toBe('307f0102039000');
    expect(said(laid.respond(CLEAR))).toBe('30030102039000');
  });

  it('is slow, mute, a copy or badly signed until that is cleared', () => {
    set({ kind: 'slow', ms: 70 });
    set({ kind: 'slow', ms: 80 });
    set({ kind: 'clone' });
    set({ kind: 'bad-sod' });
    expect(laid.respond(CLEAR)).toMatchObject({ afterMs: 80 });
    expect(laid.respond(CLEAR)).toMatchObject({ afterMs: 80 });
    expect(card.trouble).toEqual({ clone: true, badSod: true });
    faults.clear();
    expect(laid.respond(CLEAR)).toMatchObject({ afterMs: 0 });
    expect(card.trouble).toEqual({ clone: false, badSod: false });
    set({ kind: 'mute' });
    expect(laid.respond(CLEAR)).toEqual({ kind: 'silence' });
    expect(laid.atr()).toBeUndefined();
  });

  it('is left alone by what is meant for the other reader, and says nothing without power', () => {
    set({ kind: 'mute' }, 1);
    expect(laid.atr()).toEqual(card.atr);
    laid.power(false);
    expect(laid.respond(CLEAR)).toEqual({ kind: 'silence' });
  });
});
