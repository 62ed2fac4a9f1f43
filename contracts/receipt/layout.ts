import type { PaperBlock, PaperDocument } from './document.ts';
import type { QrLevel } from './symbol.ts';

/** Columns of a slip where nothing else is said: an 80 mm head of 512 dots with the normal font. */
export const DEFAULT_COLUMNS = 42;

/** One printed line, already broken to the width; `text` carries no padding for its alignment. */
export type LaidLine =
  | {
      readonly line: 'text';
      readonly text: string;
      readonly align: 'start' | 'centre' | 'end';
      readonly bold: boolean;
      readonly scaleX: number;
      readonly scaleY: number;
    }
  | { readonly line: 'space'; readonly lines: number }
  | { readonly line: 'qr'; readonly data: string; readonly module: number; readonly level: QrLevel };

const scales = { normal: [1, 1], tall: [1, 2], wide: [2, 1], double: [2, 2] } as const;

/**
 * Breaks a document into lines of at most `columns` characters: the one place where a slip is measured, for paper,
 * screen and phone alike. Pure; control characters of a text become spaces.
 */
export function layOut(document: PaperDocument, columns: number = DEFAULT_COLUMNS): readonly LaidLine[] {
  const width = Math.max(16, Math.min(96, Math.floor(columns)));
  return document.blocks.flatMap((block) => linesOf(block, width));
}

function linesOf(block: PaperBlock, width: number): readonly LaidLine[] {
  switch (block.block) {
    case 'text': {
      const [scaleX, scaleY] = scales[block.size ?? 'normal'];
      const room = Math.floor(width / scaleX);
      return wrap(block.text, room).map((text) =>
        textLine(text, block.align ?? 'start', block.bold ?? false, scaleX, scaleY),
      );
    }
    case 'pair':
      return pairLines(block, width);
    case 'rule':
      return [textLine('-'.repeat(width))];
    case 'space':
      return [{ line: 'space', lines: Math.max(0, Math.min(20, Math.floor(block.lines))) }];
    case 'qr':
      return [{ line: 'qr', data: block.data, module: clampModule(block.module ?? 6), level: 'M' }];
    case 'pos-line':
      return posLines(block.text, block.style, width);
    default:
      return unknownBlock(block);
  }
}

function unknownBlock(block: never): never {
  throw new TypeError(`no such block: ${JSON.stringify(block)}`);
}

function pairLines(block: Extract<PaperBlock, { block: 'pair' }>, width: number): readonly LaidLine[] {
  const [, scaleY] = scales[block.size ?? 'normal'];
  const line = (text: string, align: 'start' | 'end' = 'start') =>
    textLine(text, align, block.bold ?? false, 1, scaleY);
  const label = clean(block.label).trim();
  const value = clean(block.value).trim();
  const gap = width - length(label) - length(value);
  if (gap >= 2) return [line(label + ' '.repeat(gap) + value)];
  const below = wrap(value, width - 2);
  // One line of value stays at the end edge, with the figures; a paragraph reads better from the start.
  return [
    ...wrap(label, width).map((text) => line(text)),
    ...(below.length === 1 ? [line(below[0] ?? '', 'end')] : below.map((text) => line(`  ${text}`))),
  ];
}

/**
 * A POS's line as received (pos.md 1.3: 24 columns standard, 12 double width, 42 compressed). Its own spaces are kept;
 * a line of 24 moves to the middle as a whole, so that the POS's columns stay aligned. `style` is a list of words:
 * `bold`, `tall` (or `double-height`), `wide` (or `double-width`), `compressed`; others print as normal.
 */
function posLines(text: string, style: string, width: number): readonly LaidLine[] {
  const cleaned = clean(text).replace(/ +$/, '');
  const scaleX = /wide|width/.test(style) ? 2 : 1;
  const scaleY = /tall|height/.test(style) ? 2 : 1;
  const room = Math.floor(width / scaleX);
  const usual = /compressed/.test(style) ? 42 : 24 / scaleX;
  const fits = length(cleaned) <= room;
  const pad = ' '.repeat(fits && length(cleaned) <= usual ? Math.max(0, Math.floor((room - usual) / 2)) : 0);
  return (fits ? [cleaned] : wrap(cleaned, room)).map((part) =>
    textLine(pad + part, 'start', /bold/.test(style), scaleX, scaleY),
  );
}

function textLine(
  text: string,
  align: 'start' | 'centre' | 'end' = 'start',
  bold = false,
  scaleX = 1,
  scaleY = 1,
): LaidLine {
  return { line: 'text', text, align, bold, scaleX, scaleY };
}

function clampModule(module: number): number {
  return Math.max(2, Math.min(16, Math.floor(module)));
}

function length(text: string): number {
  return [...text].length;
}

/** No control character reaches a printer from a text: an ESC in a description would be a command. */
function clean(text: string): string {
  return text.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

/** Breaks at spaces, and inside a word only when the word alone is wider than the line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of clean(paragraph).split(' ').filter(Boolean)) {
      if (line && length(line) + 1 + length(word) <= width) {
        line += ` ${word}`;
        continue;
      }
      if (line) lines.push(line);
      let rest = [...word];
      while (rest.length > width) {
        lines.push(rest.slice(0, width).join(''));
        rest = rest.slice(width);
      }
      line = rest.join('');
    }
    lines.push(line);
  }
  return lines;
}
