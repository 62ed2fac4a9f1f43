/** When a press came in and, where its screen says so, when it was made. */
export interface Press {
  /** ms, this process's clock that only goes forward. */
  readonly at: number;
  /** ms, the screen's. */
  readonly pressedAt?: number | undefined;
}

/** How far apart two presses were made, ms; where the screen does not say, or began anew between them, how far apart they came in. */
export function msBetween(first: Press, second: Press): number {
  const made = (second.pressedAt ?? Number.NaN) - (first.pressedAt ?? Number.NaN);
  return made >= 0 ? made : second.at - first.at;
}
