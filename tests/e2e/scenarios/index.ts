import type { Act } from '../scenario.ts';
import { paying } from './pay.ts';

/** Acts run side by side, each on a Jolly of its own; the stories of an act one after the other. */
export const acts: readonly Act[] = [{ name: 'pay', scenarios: paying }];
