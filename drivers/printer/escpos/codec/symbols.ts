import { barcodeRaster, type PaperRow } from '@jolly/contracts/receipt';

type RasterRow = Extract<PaperRow, { row: 'raster' }>;

/** `GS v 0 m xL xH yL yH d…`, cropped to the paper. Undefined for an image without dots. */
export function rasterRow(p: Uint8Array, width: number): RasterRow | undefined {
  const [, mode = 0] = p;
  const bytesAcross = (p[2] ?? 0) | ((p[3] ?? 0) << 8);
  const lines = (p[4] ?? 0) | ((p[5] ?? 0) << 8);
  const columns = Math.min(bytesAcross * 8, width);
  if (columns === 0 || lines === 0) return undefined;
  const bits = new Uint8Array(columns * lines);
  for (let y = 0; y < lines; y++) {
    for (let x = 0; x < columns; x++) {
      bits[y * columns + x] = ((p[6 + y * bytesAcross + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
    }
  }
  return image(columns, lines, bits, (mode & 1) === 1 ? 2 : 1, (mode & 2) === 2 ? 2 : 1);
}

/** `m fn a bx by c xL xH yL yH d…` of function 112: one colour, x and y in dots. */
export function graphicsRow(p: Uint8Array, width: number): RasterRow | undefined {
  const across = Math.ceil(((p[6] ?? 0) | ((p[7] ?? 0) << 8)) / 8);
  const mode = ((p[3] ?? 1) > 1 ? 1 : 0) | ((p[4] ?? 1) > 1 ? 2 : 0);
  // A count beyond the bytes that came would draw white: the lines there are decide.
  const lines = Math.min((p[8] ?? 0) | ((p[9] ?? 0) << 8), Math.floor((p.length - 10) / Math.max(1, across)));
  if (lines <= 0) return undefined;
  const head = [0x30, mode, across & 0xff, across >> 8, lines & 0xff, lines >> 8];
  const image = new Uint8Array(head.length + p.length - 10);
  image.set(head);
  image.set(p.subarray(10), head.length);
  return rasterRow(image, width);
}

/** `ESC * m nL nH d…`: columns of 8 or 24 dots. */
export function bitImageRow(p: Uint8Array, width: number): RasterRow | undefined {
  const [mode = 0] = p;
  const across = (p[1] ?? 0) | ((p[2] ?? 0) << 8);
  const deep = mode >= 32 ? 3 : 1;
  const columns = Math.min(across, width);
  if (columns === 0) return undefined;
  const lines = deep * 8;
  const bits = new Uint8Array(columns * lines);
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < lines; y++) {
      bits[y * columns + x] = ((p[3 + x * deep + (y >> 3)] ?? 0) >> (7 - (y & 7))) & 1;
    }
  }
  return image(columns, lines, bits, mode % 32 === 0 ? 2 : 1, deep === 1 ? 3 : 1);
}

function image(
  columns: number,
  lines: number,
  bits: Uint8Array,
  cellWidth: number,
  cellHeight: number,
): RasterRow {
  return {
    row: 'raster',
    meaning: 'image',
    data: '',
    x: 0,
    cellWidth,
    cellHeight,
    raster: { columns, lines, bits },
    advance: lines * cellHeight,
  };
}

/** Types of `GS k`, first form (`-A`, ends with NUL) and second (`-B`, with a length), and the drawing's name. */
const types: Readonly<Record<number, readonly [name: string, symbology: string]>> = {
  0: ['upc-a-A', 'upca'],
  1: ['upc-e-A', 'upce'],
  2: ['ean13-A', 'ean13'],
  3: ['ean8-A', 'ean8'],
  4: ['code39-A', 'code39'],
  5: ['itf-A', 'interleaved2of5'],
  6: ['codabar-A', 'rationalizedCodabar'],
  65: ['upc-a-B', 'upca'],
  66: ['upc-e-B', 'upce'],
  67: ['ean13-B', 'ean13'],
  68: ['ean8-B', 'ean8'],
  69: ['code39-B', 'code39'],
  70: ['itf-B', 'interleaved2of5'],
  71: ['codabar-B', 'rationalizedCodabar'],
  72: ['code93-B', 'code93'],
  73: ['code128-B', 'code128'],
  90: ['code32-B', 'code32'],
};

/** `GS k`: what it says, and its bars where the data suits the code and the paper. */
export function barcodeRow(
  p: Uint8Array,
  setting: { readonly height: number; readonly width: number },
  paper: number,
): { readonly type: string; readonly m: number; readonly data: string; readonly row?: RasterRow } {
  const m = p[0] ?? 0;
  const body = m <= 6 ? p.subarray(1, p.at(-1) === 0 ? -1 : undefined) : p.subarray(2);
  const data = Array.from(body, (byte) => String.fromCharCode(byte)).join('');
  const [type, symbology] = types[m] ?? [`type-${m}`, undefined];
  if (symbology === undefined) return { type, m, data };
  const drawn = symbology === 'code128' ? code128Text(data) : data;
  const raster = barcodeRaster(symbology, drawn);
  if (!raster || raster.columns * setting.width > paper) return { type, m, data };
  const row: RasterRow = {
    row: 'raster',
    meaning: 'barcode',
    data: drawn,
    x: 0,
    cellWidth: setting.width,
    cellHeight: setting.height,
    raster,
    advance: setting.height + 12,
  };
  return { type, m, data, row };
}

/** CODE128 as sent to a printer: `{A` `{B` `{C` select the set, `{1` … `{4` and `{S` are functions, `{{` is a brace. */
function code128Text(data: string): string {
  let text = '';
  let pairs = false;
  for (let at = 0; at < data.length; at++) {
    const character = data.charAt(at);
    if (character === '{') {
      const selector = data.charAt(++at);
      if (selector === '{') text += '{';
      if ('ABC'.includes(selector)) pairs = selector === 'C';
    } else {
      // In set C each byte stands for two digits.
      text += pairs ? String(character.charCodeAt(0)).padStart(2, '0') : character;
    }
  }
  return text;
}
