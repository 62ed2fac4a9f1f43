import { noticeDataMatrix } from '@jolly/contracts/notice';
import bwipjs from 'bwip-js/node';
import { z } from 'zod';

/** What the node's simulator says of a notice. */
const Listed = z.looseObject({
  noticeNumber: z.string().regex(/^\d{18}$/),
  creditorTaxCode: z.string().regex(/^\d{11}$/),
  qr: z.string().max(300),
  label: z.string(),
  state: z.string(),
  amountCents: z.int().min(0).max(9_999_999_999),
  scenario: z.string().optional(),
});
const List = z.array(Listed);

/** A notice as the page shows it: its codes drawn, and the text of the postal slip's. */
export type PanelNotice = z.output<typeof Listed> & {
  readonly qrDrawing: string;
  readonly dataMatrix: string;
};

const drawn = new Map<string, string>();

/** SVG of a code; kept, because the page asks every second and the notices are few. */
export function drawCode(kind: 'qrcode' | 'datamatrix', text: string): string {
  const key = `${kind} ${text}`;
  let svg = drawn.get(key);
  if (svg === undefined) {
    svg = bwipjs.toSVG({ bcid: kind, text, ...(kind === 'qrcode' && { eclevel: 'M' }) });
    if (drawn.size > 500) drawn.clear();
    drawn.set(key, svg);
  }
  return svg;
}

/** Completes the node's list; throws a ZodError when it is not such a list. */
export function withDrawings(list: unknown): PanelNotice[] {
  return List.parse(list).map((notice) => ({
    ...notice,
    qrDrawing: drawCode('qrcode', notice.qr),
    dataMatrix: noticeDataMatrix(notice, notice.amountCents, {
      postalAccount: '000000007890',
      debtorTaxCode: 'RSSMRA80A01H501U',
      debtorName: 'ROSSI MARIO',
      subject: notice.label.toUpperCase(),
    }),
  }));
}
