import type { PaperDocument } from './document.ts';
import { DEFAULT_COLUMNS, layOut } from './layout.ts';
import type { PaperRow } from './rows.ts';
import { CELL } from './rows.ts';

/** The slip as plain text, aligned as on paper; a QR code becomes a line that says what it holds. */
export function renderText(document: PaperDocument, options: { readonly columns?: number } = {}): string {
  const columns = options.columns ?? DEFAULT_COLUMNS;
  const lines = layOut(document, columns).flatMap((line) => {
    if (line.line === 'space') return Array.from({ length: line.lines }, () => '');
    if (line.line === 'qr') return [aligned(`[QR ${line.data}]`, 'centre', columns)];
    return [aligned(line.text, line.align, Math.floor(columns / line.scaleX))];
  });
  return `${lines.join('\n')}\n`;
}

/** The words on decoded paper: one line a text row, runs in their order from the start edge. */
export function textOf(rows: readonly PaperRow[]): string {
  const lines = rows.flatMap((row) => {
    if (row.row === 'feed')
      return Array.from({ length: Math.min(20, Math.round(row.advance / CELL.pitch)) }, () => '');
    if (row.row === 'raster') return [row.meaning === 'image' ? '[image]' : `[${row.meaning} ${row.data}]`];
    let line = '';
    for (const run of row.runs) {
      line = line.padEnd(Math.min(200, Math.round(run.x / CELL.width))) + run.text;
    }
    return [line.trimEnd()];
  });
  return `${lines.join('\n')}\n`;
}

function aligned(text: string, align: 'start' | 'centre' | 'end', columns: number): string {
  const free = Math.max(0, columns - [...text].length);
  if (align === 'end') return ' '.repeat(free) + text;
  if (align === 'centre') return (' '.repeat(Math.floor(free / 2)) + text).trimEnd();
  return text;
}
