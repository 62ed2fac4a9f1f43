import type { PaperDocument } from './document.ts';
import { DEFAULT_COLUMNS, type LaidLine, layOut } from './layout.ts';
import { CELL, type PaperRaster, type PaperRow, type PaperRun, runWidth } from './rows.ts';
import { qrRaster } from './symbol.ts';

export interface PaperImageOptions {
  /** Characters of the normal font on a line; 42 where nothing is said. */
  readonly columns?: number;
  /** What a screen reader says of the picture; kept free of personal data by the caller. */
  readonly title?: string;
  /** Text colour; thermal print is a soft blue-black. */
  readonly ink?: string;
}

const MARGIN = 36;
const TOOTH = 12;
const PAPER = '#fcfbf7';

/** The rows a document becomes on paper of `columns` characters. */
export function rowsOf(document: PaperDocument, columns: number = DEFAULT_COLUMNS): readonly PaperRow[] {
  return layOut(document, columns).map((line) => rowOf(line, columns));
}

function rowOf(line: LaidLine, columns: number): PaperRow {
  const room = columns * CELL.width;
  if (line.line === 'space') return { row: 'feed', advance: line.lines * CELL.pitch };
  if (line.line === 'qr') {
    const raster = qrRaster(line.data, line.level);
    if (!raster) return textRow('[QR]', 0, false, 1, 1);
    const side = raster.columns * line.module;
    return {
      row: 'raster',
      meaning: 'qr',
      data: line.data,
      x: Math.max(0, Math.floor((room - side) / 2)),
      cellWidth: line.module,
      cellHeight: line.module,
      raster,
      advance: side + CELL.pitch,
    };
  }
  const width = [...line.text].length * CELL.width * line.scaleX;
  const free = Math.max(0, room - width);
  const x = line.align === 'start' ? 0 : line.align === 'end' ? free : Math.floor(free / 2);
  return textRow(line.text, x, line.bold, line.scaleX, line.scaleY);
}

function textRow(text: string, x: number, bold: boolean, scaleX: number, scaleY: number): PaperRow {
  return {
    row: 'text',
    advance: Math.max(CELL.pitch, CELL.height * scaleY + 6),
    runs: [{ x, text, bold, underline: false, inverted: false, font: 'A', scaleX, scaleY }],
  };
}

/** The slip as a picture of thermal paper: a grid of characters, torn at both ends. Pure text in, SVG text out. */
export function renderSvg(document: PaperDocument, options: PaperImageOptions = {}): string {
  return drawPaper(rowsOf(document, options.columns), options);
}

/** Draws rows, wherever they come from: a document, or the bytes a printer received. */
export function drawPaper(rows: readonly PaperRow[], options: PaperImageOptions = {}): string {
  const columns = options.columns ?? DEFAULT_COLUMNS;
  const width = columns * CELL.width + 2 * MARGIN;
  const ink = options.ink ?? '#26242c';
  let y = MARGIN + TOOTH;
  const body: string[] = [];
  for (const row of rows) {
    if (row.row === 'text') {
      const base = y + CELL.height * Math.max(1, ...row.runs.map((run) => run.scaleY)) - 5;
      for (const run of row.runs) body.push(drawRun(run, base, ink));
    } else if (row.row === 'raster') {
      body.push(drawRaster(row, y, ink));
    }
    y += row.advance;
  }
  const height = Math.ceil(y + MARGIN + TOOTH);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(options.title ?? 'Scontrino')}">`,
    `<path d="${outline(width, height)}" fill="${PAPER}" stroke="#d9d5c8" stroke-width="1.5"/>`,
    `<g fill="${ink}" font-family="'Roboto Mono','DejaVu Sans Mono','Liberation Mono','Courier New',monospace" font-size="19.5" xml:space="preserve">`,
    ...body,
    '</g></svg>',
  ].join('\n');
}

function drawRun(run: PaperRun, base: number, ink: string): string {
  const cell = (run.font === 'A' ? CELL.width : CELL.smallWidth) * run.scaleX;
  const left = MARGIN + run.x;
  const full = runWidth(run);
  const tall = CELL.height * run.scaleY;
  const colour = run.inverted ? PAPER : ink;
  const style = [
    run.inverted ? ` fill="${PAPER}"` : '',
    run.bold ? ` stroke="${colour}" stroke-width="0.9"` : '',
    run.font === 'B' ? ' font-size="14.5"' : '',
  ].join('');
  const scale = run.scaleX === 1 && run.scaleY === 1 ? '' : ` scale(${run.scaleX} ${run.scaleY})`;
  const parts = run.inverted
    ? [`<rect x="${left}" y="${base - tall + 4}" width="${full}" height="${tall}"/>`]
    : [];
  // Each stretch between gaps is placed by itself, for renderers squeeze spaces and would lose the columns.
  let column = 0;
  for (const stretch of run.text.split(/( {2,})/)) {
    const length = [...stretch].length;
    const words = stretch.trim();
    if (words !== '') {
      const x = left + (column + length - [...stretch.trimStart()].length) * cell;
      const across = ([...words].length * cell) / run.scaleX;
      parts.push(
        `<text transform="translate(${x} ${base})${scale}" textLength="${across}" lengthAdjust="spacingAndGlyphs"${style}>${escaped(words)}</text>`,
      );
    }
    column += length;
  }
  if (run.underline) parts.push(`<rect x="${left}" y="${base + 4}" width="${full}" height="2"/>`);
  return parts.join('');
}

function drawRaster(row: Extract<PaperRow, { row: 'raster' }>, y: number, ink: string): string {
  const path = rasterPath(row.raster);
  const label = row.data === '' ? '' : `<title>${escaped(row.meaning)}</title>`;
  return `<g transform="translate(${MARGIN + row.x} ${y}) scale(${row.cellWidth} ${row.cellHeight})" shape-rendering="crispEdges">${label}<path fill="${ink}" d="${path}"/></g>`;
}

/** Black runs of each line as rectangles of one path. */
function rasterPath(raster: PaperRaster): string {
  const parts: string[] = [];
  for (let line = 0; line < raster.lines; line++) {
    let from = -1;
    for (let at = 0; at <= raster.columns; at++) {
      const black = at < raster.columns && raster.bits[line * raster.columns + at] === 1;
      if (black && from < 0) from = at;
      if (!black && from >= 0) {
        parts.push(`M${from} ${line}h${at - from}v1H${from}z`);
        from = -1;
      }
    }
  }
  return parts.join('');
}

/** Paper as the cutter leaves it: a fine saw at both ends. */
function outline(width: number, height: number): string {
  const left = 4;
  const right = width - 4;
  const teeth = Math.floor((right - left) / TOOTH);
  const step = (right - left) / teeth;
  const top: string[] = [`M${left} ${TOOTH}`];
  const bottom: string[] = [`L${right} ${height - TOOTH}`];
  for (let tooth = 0; tooth < teeth; tooth++) {
    top.push(`l${(step / 2).toFixed(2)} -5 l${(step / 2).toFixed(2)} 5`);
    bottom.push(`l${(-step / 2).toFixed(2)} 5 l${(-step / 2).toFixed(2)} -5`);
  }
  return `${top.join(' ')} ${bottom.join(' ')} z`;
}

/** XML text: no character that XML 1.0 forbids comes through, whatever a decoder found on the wire. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
