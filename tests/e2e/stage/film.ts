import { renameSync, writeFileSync } from 'node:fs';
import bwip from 'bwip-js';

/** What a person holds before the camera; `nothing`: the wall behind. */
export type Held = { readonly kind: 'qrcode' | 'datamatrix'; readonly text: string } | 'nothing';

const WIDTH = 640;
const HEIGHT = 480;
const MODULE = 8;
const WHITE = 235;
const BLACK = 16;
const PAPER = 200;

/** The modules of a code, row by row. */
function modulesOf(kind: 'qrcode' | 'datamatrix', text: string): { rows: readonly (readonly boolean[])[] } {
  const options = kind === 'qrcode' ? { eclevel: 'M' } : {};
  const [raw] = bwip.raw({ bcid: kind, text, ...options }) as readonly {
    pixs: number[];
    pixx: number;
    pixy: number;
  }[];
  if (!raw) throw new Error(`no ${kind}`);
  const rows = Array.from({ length: raw.pixy }, (_, y) =>
    Array.from({ length: raw.pixx }, (_, x) => raw.pixs[y * raw.pixx + x] === 1),
  );
  return { rows };
}

/** Brightness of each pixel: a code on white paper before a grey wall. */
function pictureOf(held: Held): Uint8Array {
  const picture = new Uint8Array(WIDTH * HEIGHT).fill(PAPER);
  if (held === 'nothing') return picture;
  const { rows } = modulesOf(held.kind, held.text);
  const size = Math.min(MODULE, Math.floor((HEIGHT - 40) / (rows.length + 8)));
  const left = Math.floor((WIDTH - (rows[0]?.length ?? 0) * size) / 2);
  const top = Math.floor((HEIGHT - rows.length * size) / 2);
  const margin = 4 * size;
  for (let y = top - margin; y < top + rows.length * size + margin; y++) {
    for (let x = left - margin; x < WIDTH - left + margin; x++) {
      const dark = rows[Math.floor((y - top) / size)]?.[Math.floor((x - left) / size)];
      if (y >= 0 && y < HEIGHT) picture[y * WIDTH + x] = dark === true ? BLACK : WHITE;
    }
  }
  return picture;
}

/** What the browser's camera sees the next time it is switched on: a film without end in YUV4MPEG2, which Chromium plays as a camera. */
export function film(path: string, held: Held): void {
  const grey = new Uint8Array((WIDTH * HEIGHT) / 2).fill(128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), pictureOf(held), grey]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  // never a half written film: the camera may be opening it
  writeFileSync(`${path}.new`, Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)]));
  renameSync(`${path}.new`, path);
}
