import bwip from 'bwip-js';
import type { PaperRaster } from './rows.ts';

export type QrLevel = 'L' | 'M' | 'Q' | 'H';

/** The modules of a QR code without quiet zone; undefined when the data does not fit in one. */
export function qrRaster(data: string, level: QrLevel = 'M'): PaperRaster | undefined {
  // Beyond version 40 at level L nothing fits: refused before the encoder works on it.
  if (data.length === 0 || data.length > 2953) return undefined;
  return drawn('qrcode', data, { eclevel: level });
}

/** The bars of a one-dimensional code as a raster of one line; undefined when the data does not suit the code. */
export function barcodeRaster(symbology: string, data: string): PaperRaster | undefined {
  if (data.length === 0 || data.length > 255) return undefined;
  return drawn(symbology, data, {});
}

/** What the encoder gives: a matrix of modules, or widths of bars and spaces. */
type Drawn = { pixs: number[]; pixx: number; pixy: number } | { sbs: number[] };

function drawn(bcid: string, text: string, options: Record<string, string>): PaperRaster | undefined {
  let stack: readonly Drawn[];
  try {
    stack = bwip.raw({ bcid, text, ...options });
  } catch (error) {
    // The encoder's only way to say "this data does not suit this symbol".
    if (error instanceof Error && error.message.startsWith('bwipp.')) return undefined;
    throw error;
  }
  const first = stack[0];
  if (!first) return undefined;
  if ('pixs' in first) {
    return { columns: first.pixx, lines: first.pixy, bits: Uint8Array.from(first.pixs) };
  }
  // `sbs`: widths of bars and spaces in turn, beginning with a bar.
  const bits: number[] = [];
  let black = 1;
  for (const width of first.sbs) {
    for (let at = 0; at < width; at++) bits.push(black);
    black = 1 - black;
  }
  return { columns: bits.length, lines: 1, bits: Uint8Array.from(bits) };
}
