import { readAtr } from '../reader/atr-codec.ts';

/** "CNS" at 9..11 of 15 historical bytes (cie-card.md 1 and 9). A hint: SELECT decides. */
export function isCnsAtr(atr: Uint8Array): boolean {
  const bytes = readAtr(atr)?.historical;
  return bytes?.length === 15 && bytes[9] === 0x43 && bytes[10] === 0x4e && bytes[11] === 0x53;
}
