/** All of Jolly on this machine with a browser in front, and the means to see where the money went. */
export { chromiumPath, openBrowser } from './browser.ts';
export { Listener } from './by-ear.ts';
export {
  apdusOf,
  enter,
  lay,
  leave,
  quick,
  signIn,
  slow,
  take,
  takeWhenAsked,
  triesOf,
  typeDigits,
  written,
} from './citizen.ts';
export { searchFolder } from './disk.ts';
export { film } from './film.ts';
export { jolly } from './jolly.ts';
export { press, typeKeys, walkInOrder } from './keyboard.ts';
export { look } from './look.ts';
export { digitsNeedle, heapSnapshot, type Needle, searchMemory, wordsNeedle } from './memory.ts';
export { slipKind } from './money.ts';
export { type AnotherTerminal, MoreTerminals } from './more-terminals.ts';
export { plantDigits } from './planted.ts';
export { buildScreens } from './screens.ts';
export type { Notice } from './simulators.ts';
export { command, go, order, reaches, rowOf, saveSettings, see, unfold } from './staff.ts';
export { Stage } from './stage.ts';
export { layStrangeCard } from './strange-card.ts';
export { until } from './until.ts';
