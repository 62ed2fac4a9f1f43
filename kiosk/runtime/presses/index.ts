/** Whether two presses are one: a tremor, or a hand that means it twice. */
export { msBetween, type Press } from './press.ts';
