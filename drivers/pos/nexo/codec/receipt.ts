import type { OutputContent, PaymentReceipt } from './messages.ts';

export interface ReceiptLine {
  readonly style: string;
  readonly text: string;
}

/** Some makes write a line as a form (`name=Totale&value=12.50&key=totalAmount`): told as name and value. */
function plain(text: string): string {
  if (!/^(name|value|key)=/.test(text)) return text;
  const fields = new URLSearchParams(text);
  return [fields.get('name'), fields.get('value')].filter(Boolean).join('  ');
}

/** The lines of one document, as received. A text without its end of line goes on in the next. */
export function linesOf(content: OutputContent | undefined): readonly ReceiptLine[] {
  const lines: ReceiptLine[] = [];
  let open: ReceiptLine | undefined;
  for (const { Text, CharacterStyle, EndOfLineFlag } of content?.OutputText ?? []) {
    const text = plain(Text);
    const style = CharacterStyle === 'Bold' ? 'doubleHeightBold' : 'normal';
    const line: ReceiptLine = open ? { ...open, text: open.text + text } : { style, text };
    open = EndOfLineFlag === false ? line : undefined;
    if (!open) lines.push(line);
  }
  return open ? [...lines, open] : lines;
}

/** The citizen's copy; the cashier's is nobody's here. */
export const customerLines = (receipts: readonly PaymentReceipt[] | undefined): readonly ReceiptLine[] =>
  (receipts ?? [])
    .filter(({ DocumentQualifier }) => DocumentQualifier === 'CustomerReceipt')
    .flatMap(({ OutputContent }) => linesOf(OutputContent));
