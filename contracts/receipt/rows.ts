/**
 * Paper as it comes out: rows from top to bottom, measured in dots (203 dpi, 8 a millimetre). Both the layout of a
 * document and the decoder of a printer's bytes give rows, so one drawing serves the preview and the simulator.
 */

/** Cell of the printer's normal font (font A), and the default line pitch. */
export const CELL = { width: 12, height: 24, pitch: 30, smallWidth: 9, smallHeight: 17 } as const;

export interface PaperRun {
  /** Distance from the start of the printable area. */
  readonly x: number;
  readonly text: string;
  readonly bold: boolean;
  readonly underline: boolean;
  /** White on black. */
  readonly inverted: boolean;
  readonly font: 'A' | 'B';
  /** 1 … 8. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** A two-dimensional symbol, a barcode or an image: `bits[y * columns + x]` is 1 where it is black. */
export interface PaperRaster {
  readonly columns: number;
  readonly lines: number;
  readonly bits: Uint8Array;
}

export type PaperRow =
  | { readonly row: 'text'; readonly advance: number; readonly runs: readonly PaperRun[] }
  | { readonly row: 'feed'; readonly advance: number }
  | {
      readonly row: 'raster';
      readonly meaning: 'qr' | 'barcode' | 'image';
      /** What the symbol says; empty for an image. */
      readonly data: string;
      readonly x: number;
      /** Dots of one module. */
      readonly cellWidth: number;
      readonly cellHeight: number;
      readonly raster: PaperRaster;
      readonly advance: number;
    };

/** Dots a run takes across. */
export function runWidth(run: Pick<PaperRun, 'font' | 'scaleX' | 'text'>): number {
  return [...run.text].length * (run.font === 'A' ? CELL.width : CELL.smallWidth) * run.scaleX;
}
