import { getRandomValues } from 'node:crypto';

/** Fills a buffer in place: a secret random number is born where it can be wiped. */
export type FillRandom = (into: Uint8Array) => void;
export const systemFill: FillRandom = (into) => {
  getRandomValues(into);
};
