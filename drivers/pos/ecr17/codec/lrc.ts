/**
 * Which bytes take part in the check byte. The published text says only "XOR of any message byte, base 7F"; terminals
 * differ, so it is a setting (pos.md 1.1). `std` payload · `stx` STX+payload+ETX · `noext` payload+ETX · `stx_noext` STX+payload.
 */
export type LrcMode = 'std' | 'stx' | 'noext' | 'stx_noext';

/** In the order in which they are tried when the setting is `auto`. */
export const lrcModes: readonly LrcMode[] = ['std', 'stx', 'noext', 'stx_noext'];

export const STX = 0x02;
export const ETX = 0x03;

const BASE = 0x7f;
const framing: Readonly<Record<LrcMode, number>> = {
  std: 0,
  stx: STX ^ ETX,
  noext: ETX,
  stx_noext: STX,
};

/** XOR of `bytes[from, to)` with base 7F, without framing: the `std` check byte. */
function plainLrc(bytes: Uint8Array, from: number, to: number): number {
  let lrc = BASE;
  for (let index = from; index < to; index++) lrc ^= bytes[index] as number;
  return lrc;
}

/** Check byte of the payload `bytes[from, to)`. For a control packet the payload is its one control byte. */
export function lrcOf(bytes: Uint8Array, mode: LrcMode, from = 0, to = bytes.length): number {
  return plainLrc(bytes, from, to) ^ framing[mode];
}

/** The mode in which `lrc` would be right for that payload: the four differ in two bits, so one packet tells. */
export function modeThatFits(bytes: Uint8Array, from: number, to: number, lrc: number): LrcMode | undefined {
  const difference = plainLrc(bytes, from, to) ^ lrc;
  return lrcModes.find((mode) => framing[mode] === difference);
}
