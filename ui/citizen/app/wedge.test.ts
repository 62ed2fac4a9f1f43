import { ManualClock } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BURST_GAP_MS, BURST_KEYS, type TypedKey, WedgeFilter } from './wedge.ts';

function page() {
  const clock = new ManualClock();
  const seen: string[] = [];
  let found = 0;
  const filter = new WedgeFilter<TypedKey>(
    clock,
    ({ key }) => void seen.push(key),
    () => {
      found += 1;
    },
  );
  const press = (key: string, more: Partial<TypedKey> = {}) => {
    const now = { timeStamp: clock.monotonic() };
    const typed = { key, repeat: false, ctrlKey: false, altKey: false, metaKey: false, ...now, ...more };
    if (filter.take(typed) === 'pass') seen.push(key);
  };
  const type = (text: string, gap: number) => {
    for (const key of text) {
      press(key);
      clock.advance(gap);
    }
  };
  return { clock, seen, press, type, text: () => seen.join(''), found: () => found };
}

const QR = 'PAGOPA|002|302001234567890123|00399050584|1250';

describe('a reader that types', () => {
  it.each([0, 1, 5, 15, 29])(
    'gets nothing into the page with %d ms between keys, Enter at its end included',
    (gap) => {
      const { type, press, clock, text, found } = page();
      type(QR, gap);
      press('Enter');
      clock.advance(1000);
      expect(text()).toBe('');
      expect(found()).toBe(1);
    },
  );

  it('is told once a code, and keys with Shift between them are one code', () => {
    const { press, clock, seen, found } = page();
    for (const code of ['RSSMRA80A01H501U', QR]) {
      for (const key of code) {
        press('Shift');
        press(key);
        clock.advance(4);
      }
      press('Enter');
      clock.advance(2000);
    }
    expect(seen.filter((key) => key !== 'Shift')).toEqual([]);
    expect(found()).toBe(2);
  });

  it('does not press a button with its suffix, nor with one that comes late', () => {
    const { type, press, clock, seen } = page();
    type(QR, 2);
    clock.advance(100);
    press('Enter');
    press('Tab');
    expect(seen).toEqual([]);
  });
});

describe('a hand', () => {
  it('types as fast as hands do, and every key arrives in its order, at once to the eye', () => {
    const { type, text, clock, found } = page();
    type('302001234567890123', 45);
    clock.advance(BURST_GAP_MS);
    expect(text()).toBe('302001234567890123');
    expect(found()).toBe(0);
  });

  it('may hit some keys nearly at once', () => {
    const { type, text, clock, found } = page();
    for (let word = 0; word < 5; word++) {
      type('abcde'.slice(0, BURST_KEYS - 1), 10);
      clock.advance(60);
    }
    expect(text()).toBe('abcde'.repeat(5));
    expect(found()).toBe(0);
  });

  it('is none the faster for a page that was busy and gets all its keys at once', () => {
    const { press, clock, text, found } = page();
    for (const [at, key] of [...'302001234567890123'].entries()) press(key, { timeStamp: at * 100 });
    clock.advance(BURST_GAP_MS);
    expect(text()).toBe('302001234567890123');
    expect(found()).toBe(0);
  });

  it('holds a key down without being a reader', () => {
    const { press, clock, text, found } = page();
    press('7');
    clock.advance(400);
    for (let times = 0; times < 20; times++) {
      press('7', { repeat: true });
      clock.advance(20);
    }
    expect(text()).toBe('7'.repeat(21));
    expect(found()).toBe(0);
  });

  it('presses Enter, arrows and space of a keypad without waiting, behind what waits', () => {
    const { press, seen } = page();
    press('4');
    press('Enter');
    for (const key of ['ArrowDown', ' ', 'Escape', 'Tab', 'Backspace']) press(key);
    expect(seen).toEqual(['4', 'Enter', 'ArrowDown', ' ', 'Escape', 'Tab', 'Backspace']);
  });

  it('is heard again right after a reader', () => {
    const { type, press, clock, text } = page();
    type(QR, 1);
    clock.advance(300);
    press('5');
    clock.advance(BURST_GAP_MS);
    expect(text()).toBe('5');
  });

  it('loses nothing at any pace slower than a reader', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            key: fc.constantFrom(...'0123456789abc', 'Enter', 'ArrowUp'),
            gap: fc.integer({ min: BURST_GAP_MS, max: 400 }),
          }),
        ),
        (keys) => {
          const { press, clock, seen, found } = page();
          for (const { key, gap } of keys) {
            press(key);
            clock.advance(gap);
          }
          clock.advance(BURST_GAP_MS);
          expect(seen).toEqual(keys.map(({ key }) => key));
          expect(found()).toBe(0);
        },
      ),
    );
  });
});
