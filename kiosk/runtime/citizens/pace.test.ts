import { expect, it } from 'vitest';
import { secondsLeft } from './pace.ts';

it.each([
  ['nothing yet', 500, 0, 5, undefined],
  ['a slow card, one step of five', 1000, 1, 5, 4],
  ['the same, nearly done', 4000, 4, 5, 1],
  ['a quick card', 60, 2, 5, 1],
  ['all done', 3000, 5, 5, 1],
])('says %s', (_, elapsed, done, of, seconds) => expect(secondsLeft(elapsed, done, of)).toBe(seconds));
