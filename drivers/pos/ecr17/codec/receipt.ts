/** Styles of a receipt line, with how many characters fill it (pos.md 1.4, `S`). */
export const lineWidths = {
  normal: 24,
  doubleHeight: 24,
  doubleHeightBold: 24,
  doubleWidth: 12,
  doubleWidthBold: 12,
  compressed: 42,
} as const;
export type LineStyle = keyof typeof lineWidths;

export interface ReceiptLine {
  readonly style: LineStyle;
  readonly text: string;
}

const NEW_LINE = '\x7d';
const END = '\x1b';
const TRAILING = 6;
const styles: Readonly<Record<string, LineStyle>> = {
  '\x7f': 'doubleHeightBold',
  '\x7e': 'doubleHeight',
  '\x7b': 'doubleWidth',
  '\x7c': 'doubleWidthBold',
  '\x5e': 'compressed',
};
const marks = Object.fromEntries(Object.entries(styles).map(([mark, style]) => [style, mark]));

/**
 * Cuts the text of one `S` message into lines. A full line ends by itself, so 7D after it is an empty line; a style lasts to
 * the end of its line. A style mark in the middle of a line starts a new one: no character is ever lost.
 */
export function decodeReceipt(content: string): {
  readonly last: boolean;
  readonly lines: readonly ReceiptLine[];
  readonly trailingBlankLines: number;
} {
  const last = content.endsWith(END);
  let body = last ? content.slice(0, -1) : content;
  let trailingBlankLines = 0;
  while (last && trailingBlankLines < TRAILING && body.endsWith(NEW_LINE)) {
    body = body.slice(0, -1);
    trailingBlankLines++;
  }
  const lines: ReceiptLine[] = [];
  let style: LineStyle = 'normal';
  let text = '';
  let marked = false;
  const finish = () => {
    lines.push({ style, text });
    style = 'normal';
    text = '';
    marked = false;
  };
  for (const letter of body) {
    const next = styles[letter];
    if (letter === NEW_LINE) finish();
    else if (next) {
      if (text) finish();
      style = next;
      marked = true;
    } else {
      text += letter;
      if (text.length === lineWidths[style]) finish();
    }
  }
  if (text || marked) finish();
  return { last, lines, trailingBlankLines };
}

/** The text of one `S` message; the last one gets six 7D and 1B. Lines longer than their style allows run over. */
export function encodeReceipt(lines: readonly ReceiptLine[], last: boolean): string {
  const body = lines
    .map(
      ({ style, text }) => (marks[style] ?? '') + text + (text.length === lineWidths[style] ? '' : NEW_LINE),
    )
    .join('');
  return last ? body + NEW_LINE.repeat(TRAILING) + END : body;
}
