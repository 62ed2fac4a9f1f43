import { en } from './catalogue.en.ts';
import { it, type SlipText } from './catalogue.it.ts';
import type { PaperBlock, PaperDocument } from './document.ts';
import { dateTime, euro, grouped } from './format.ts';

/** Where and when a summary is printed. */
export interface SummaryPlace {
  /** Epoch ms. */
  readonly at: number;
  readonly timeZone: string;
  readonly city: string;
  readonly site: string;
  readonly kioskId: string;
}

export interface SummaryLine {
  readonly description: string;
  readonly creditorName: string;
  readonly noticeNumber: string;
  readonly totalCents: number;
  /** The node has confirmed it; else it is still being registered. */
  readonly registered: boolean;
}

/** What was paid in one session, on one slip. No receipt: each payment has its own. */
export function summarySlip(
  place: SummaryPlace,
  lines: readonly SummaryLine[],
  { language = 'it' }: { readonly language?: 'it' | 'en' } = {},
): PaperDocument {
  const second: SlipText | undefined = language === 'en' ? en : undefined;
  const label = (key: keyof SlipText): string => (second ? `${it[key]} / ${second[key]}` : it[key]);
  const both = (
    key: keyof SlipText,
    look: Partial<Extract<PaperBlock, { block: 'text' }>> = {},
  ): PaperBlock[] => [
    { block: 'text', text: it[key], ...look },
    ...(second ? [{ block: 'text', text: second[key], align: look.align ?? 'start' } as const] : []),
  ];
  return {
    kind: 'summary',
    blocks: [
      { block: 'text', text: place.city, align: 'centre', bold: true, size: 'tall' },
      { block: 'text', text: place.site, align: 'centre' },
      { block: 'rule' },
      ...both('summaryTitle', { align: 'centre', bold: true, size: 'tall' }),
      ...both('summaryNotReceipt', { align: 'centre', bold: true }),
      { block: 'rule' },
      { block: 'pair', label: label('dateTime'), value: dateTime(place.at, place.timeZone) },
      { block: 'pair', label: label('kiosk'), value: place.kioskId },
      { block: 'rule' },
      ...lines.flatMap((line): PaperBlock[] => [
        { block: 'pair', label: line.description, value: euro(line.totalCents), bold: true },
        { block: 'text', text: line.creditorName },
        { block: 'text', text: grouped(line.noticeNumber) },
        ...(line.registered ? [] : both('summaryRegistering')),
        { block: 'space', lines: 1 },
      ]),
      { block: 'rule' },
      {
        block: 'pair',
        label: label('total'),
        value: euro(lines.reduce((sum, { totalCents }) => sum + totalCents, 0)),
        bold: true,
        size: 'tall',
      },
      { block: 'rule' },
      ...both('summaryNote'),
    ],
  };
}
