import { ManualClock } from '@jolly/contracts/values';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Slot, SlotState } from './port.ts';
import { FLICKER_MS, SlotBook } from './slot-book.ts';

const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
let clock: ManualClock;
let shown: string[];
let left: [number, SlotState][];
let book: SlotBook;
const names = (...list: readonly string[]) => new Set(list);
const inShort = (slots: readonly Slot[]) =>
  slots.map(({ name, state, insertion }) => `${name} ${state} ${insertion}`).join(', ');

beforeEach(() => {
  clock = new ManualClock();
  shown = [];
  left = [];
  book = new SlotBook(
    clock,
    (slots) => shown.push(inShort(slots)),
    (insertion, now) => left.push([insertion, now]),
  );
  book.see('a', 'empty', undefined, false);
});

describe('what lies on the slots', () => {
  it('is told once for each change', () => {
    book.see('a', 'card', ATR, true);
    book.see('a', 'card', ATR, false);
    expect(shown).toEqual(['a empty 0', 'a card 1']);
  });

  it('counts insertions over all slots, and is listed by name', () => {
    book.see('c', 'card', ATR, true);
    book.see('b', 'empty', undefined, true);
    book.see('a', 'card', ATR, true);
    expect(shown.at(-1)).toBe('a card 2, b empty 0, c card 1');
  });

  it('ends an act at once, and is shown to be gone only after the flicker', () => {
    book.see('a', 'card', ATR, true);
    book.see('a', 'empty', undefined, true);
    expect(left).toEqual([[1, 'empty']]);
    expect(book.slotOf(1)).toBeUndefined();
    clock.advance(FLICKER_MS - 1);
    expect(shown.at(-1)).toBe('a card 1');
    clock.advance(1);
    expect(shown.at(-1)).toBe('a empty 1');
  });

  it('never looks empty when the card is back within the flicker', () => {
    book.see('a', 'card', ATR, true);
    book.see('a', 'empty', undefined, true);
    clock.advance(FLICKER_MS - 1);
    book.see('a', 'card', ATR, true);
    clock.advance(10 * FLICKER_MS);
    expect(shown).toEqual(['a empty 0', 'a card 1', 'a card 2']);
    expect(book.slotOf(2)?.name).toBe('a');
  });

  it('is another card when it moved between two looks', () => {
    book.see('a', 'card', ATR, true);
    book.see('a', 'card', ATR, true);
    expect(left).toEqual([[1, 'empty']].map(([insertion]) => [insertion, 'card']));
    expect(shown.at(-1)).toBe('a card 2');
  });

  it('is the same card when its ATR cannot be read, or only later', () => {
    book.see('a', 'card', undefined, true);
    book.see('a', 'card', ATR, false);
    book.see('a', 'card', undefined, false);
    expect(left).toEqual([]);
    expect(shown.at(-1)).toBe('a card 1');
    expect(book.slotOf(1)?.atr).toEqual(ATR);
  });

  it('is another card when its ATR is another', () => {
    book.see('a', 'card', ATR, true);
    book.see('a', 'card', ATR.with(4, 0x02), false);
    expect(left).toEqual([[1, 'card']]);
  });

  it('goes at once with its reader', () => {
    book.see('b', 'card', ATR, true);
    book.keep(names('a'));
    expect(left).toEqual([[1, 'empty']]);
    expect(shown.at(-1)).toBe('a empty 0');
    clock.advance(10 * FLICKER_MS);
    expect(shown).toHaveLength(3);
  });

  it('in doubt ends acts, and shows nothing when all is there again soon', () => {
    book.see('a', 'card', ATR, true);
    book.doubt();
    expect(left).toEqual([[1, 'empty']]);
    book.see('a', 'card', ATR, false);
    clock.advance(10 * FLICKER_MS);
    expect(shown.slice(1)).toEqual(['a card 1', 'a card 2']);
  });

  it('says nothing any more once it is closed', () => {
    book.see('a', 'card', ATR, true);
    book.see('a', 'empty', undefined, true);
    book.close();
    clock.advance(10 * FLICKER_MS);
    expect(shown).toHaveLength(2);
  });
});
