/** What an answer to reset (ISO 7816-3) says that matters here. */
export interface AtrContent {
  /** Numbers of the protocols the card offers; none said means T=0. */
  readonly protocols: ReadonlySet<number>;
  /** A view of at most 15 bytes. */
  readonly historical: Uint8Array;
}

/** Undefined for bytes that are no ATR: wrong start, interface bytes that are missing, wrong length. */
export function readAtr(atr: Uint8Array): AtrContent | undefined {
  const format = atr[1];
  if ((atr[0] !== 0x3b && atr[0] !== 0x3f) || format === undefined) return undefined;
  const protocols = new Set<number>();
  let at = 2;
  // Each TDi says which interface bytes come after it.
  for (let present: number | undefined = format >> 4; present !== undefined; ) {
    at += (present & 1) + ((present >> 1) & 1) + ((present >> 2) & 1);
    if ((present & 8) === 0) break;
    const next: number | undefined = atr[at];
    if (next === undefined) return undefined;
    protocols.add(next & 0x0f);
    at += 1;
    present = next >> 4;
  }
  if (protocols.size === 0) protocols.add(0);
  // Any protocol but T=0 brings a check byte at the end.
  const check = [...protocols].some((protocol) => protocol !== 0) ? 1 : 0;
  const end = at + (format & 0x0f);
  return atr.length === end + check ? { protocols, historical: atr.subarray(at, end) } : undefined;
}
