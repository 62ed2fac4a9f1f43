import { expect, it } from 'vitest';
import { digitsNeedle, stands } from './search.ts';

const can = digitsNeedle('CAN', '482913');
const found = (memory: Buffer): boolean =>
  can.forms.some((bytes, form) => stands(memory, bytes, can.alone?.[form]));

it.each([
  ['as text', Buffer.from('{"can":"482913"}'), true],
  ['as wide text', Buffer.from('x482913x', 'utf16le'), true],
  ['at the very start', Buffer.from('482913'), true],
  ['as bare numbers', Buffer.from([4, 8, 2, 9, 1, 3]), true],
  ['inside a time', Buffer.from('1795482913650'), false],
  ['inside a wide number', Buffer.from('14829130', 'utf16le'), false],
  ['inside a time and then alone', Buffer.from('1795482913650 482913'), true],
  ['not at all', Buffer.from('48291'), false],
])('six digits %s', (_, memory, there) => expect(found(memory)).toBe(there));

it('a whole PIN is found inside anything: two of them stand side by side when a PIN is changed', () => {
  const pin = digitsNeedle('PIN', '27182818');
  expect(pin.alone).toBeUndefined();
});
