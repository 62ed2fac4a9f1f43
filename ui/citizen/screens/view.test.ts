import { expect, it } from 'vitest';
import { shownName } from './view.ts';

it.each([
  ['GIULIA', 'Giulia'],
  ["MARCO NICCOLÒ D'ALÒ", "Marco Niccolò D'Alò"],
  ['ANNA-MARIA DE LUCA', 'Anna-Maria De Luca'],
  ['ȘTEFAN', 'Ștefan'],
  ['McDonald', 'McDonald'],
  ['', ''],
])('%s is shown as %s', (name, shown) => expect(shownName(name)).toBe(shown));
