/** The historical bytes of an ATR (ISO 7816-3), or undefined when it is none. */
export function historicalBytes(atr: Uint8Array): Uint8Array | undefined {
  const format = atr[1];
  if ((atr[0] !== 0x3b && atr[0] !== 0x3f) || format === undefined) return undefined;
  let at = 2;
  let checked = false;
  // Each TDi says which interface bytes come after it; a protocol other than T=0 brings a check byte at the end.
  for (let present: number | undefined = format >> 4; present !== undefined; ) {
    at += (present & 1) + ((present >> 1) & 1) + ((present >> 2) & 1);
    if ((present & 8) === 0) break;
    const next: number | undefined = atr[at];
    if (next === undefined) return undefined;
    if ((next & 0x0f) !== 0) checked = true;
    at += 1;
    present = next >> 4;
  }
  const end = at + (format & 0x0f);
  return atr.length === end + (checked ? 1 : 0) ? atr.subarray(at, end) : undefined;
}

/** "CNS" at 9..11 of 15 historical bytes (cie-card.md 1 and 9). A hint: SELECT decides. */
export function isCnsAtr(atr: Uint8Array): boolean {
  const bytes = historicalBytes(atr);
  return bytes?.length === 15 && bytes[9] === 0x43 && bytes[10] === 0x4e && bytes[11] === 0x53;
}
