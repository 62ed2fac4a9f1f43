import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. English. */
export const enGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {below} beside {level with the screen} other {above}} {side, select, left {on the left} right {on the right} other {in the middle}}',
  'guide.barcode':
    'The code reader is {place}. Bring the sheet with the code near it: a sound tells you that it was read.',
  'guide.pos':
    'The card terminal is {place}. Hold your card near its keys, or put it into the slot on its lower edge.',
  'guide.pos-pin':
    'If it asks for the PIN, the raised keys are on the card terminal: the 5 has a dot, the green key at the lower right confirms.',
  'guide.card': 'The reader for your card is {place}.',
  'guide.printer': 'The receipt comes out {place}.',
  'covered.title': 'The headset is not plugged in',
  'covered.lead': 'Names and amounts are covered. Plug the headset in again, or choose how to go on.',
  'covered.go-on': 'Go on without headset',
  'covered.leave': 'Leave and erase everything',
};
