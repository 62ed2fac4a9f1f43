/**
 * Whole seconds still to go at the pace so far, never under one; undefined before the first of `of` steps is done: nothing is
 * promised that was not measured.
 */
export function secondsLeft(elapsedMs: number, done: number, of: number): number | undefined {
  if (done <= 0 || done > of) return undefined;
  return Math.max(1, Math.ceil(((elapsedMs / done) * (of - done)) / 1000));
}
