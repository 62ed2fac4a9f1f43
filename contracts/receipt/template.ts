import type { CardEvidence } from '../fleet-api/index.ts';
import { en } from './catalogue.en.ts';
import { it, type SlipText } from './catalogue.it.ts';
import type { ReceiptData, UncertainData } from './data.ts';
import type { PaperBlock, PaperDocument } from './document.ts';
import { cardNumber, dateTime, euro, grouped } from './format.ts';

export interface SlipOptions {
  /** Of the session. Italian is always printed; English stands beside it. */
  readonly language?: 'it' | 'en';
  /** The POS's own slip, printed as received at the end. */
  readonly posLines?: readonly { readonly text: string; readonly style: string }[];
  /** An address to follow the payment on a phone. */
  readonly qr?: { readonly data: string; readonly caption?: string };
}

/** The receipt: only for a payment the node confirmed. */
export function receipt(data: ReceiptData, options: SlipOptions = {}): PaperDocument {
  return { kind: 'receipt', blocks: receiptBlocks(data, options, false) };
}

/** The same receipt again; says so in the largest letters of the slip. */
export function receiptDuplicate(data: ReceiptData, options: SlipOptions = {}): PaperDocument {
  return { kind: 'receipt-duplicate', blocks: receiptBlocks(data, options, true) };
}

function receiptBlocks(data: ReceiptData, options: SlipOptions, duplicate: boolean): readonly PaperBlock[] {
  const say = speaker(options);
  return [
    ...heading(data.city, data.site),
    { block: 'text', text: say.system, align: 'centre' },
    ...say.title('receiptTitle', 'tall'),
    ...(duplicate
      ? [...say.title('duplicate', 'double'), ...say.note('duplicateNote')]
      : say.title('customerCopy', 'normal')),
    { block: 'rule' },
    pair(say.label('dateTime'), dateTime(data.paidAt, data.timeZone)),
    ...payee(data, say),
    { block: 'rule' },
    pair(say.label('amount'), euro(data.amountCents)),
    pair(say.label('fee'), euro(data.feeCents)),
    { block: 'pair', label: say.label('total'), value: euro(data.totalCents), bold: true, size: 'tall' },
    { block: 'rule' },
    ...psp(data, say),
    { block: 'rule' },
    ...cardBlocks(data.card, data.cardBrand, say),
    pair(say.label('kiosk'), data.kioskId),
    { block: 'rule' },
    ...say.note('receiptNote'),
    ...say.title('receiptFooter', 'normal'),
    ...extras(options, say),
  ];
}

/** Charged, the node has not confirmed yet. It is not a receipt and says so. */
export function provisionalSlip(
  data: ReceiptData,
  options: SlipOptions & { readonly supportCode?: string } = {},
): PaperDocument {
  const say = speaker(options);
  return {
    kind: 'provisional-slip',
    blocks: [
      ...heading(data.city, data.site),
      ...say.title('provisionalTitle', 'tall'),
      ...say.title('provisionalSubtitle', 'normal'),
      { block: 'space', lines: 1 },
      ...say.title('provisionalNotReceipt', 'wide'),
      { block: 'rule' },
      ...say.note('provisionalNote'),
      { block: 'rule' },
      pair(say.label('dateTime'), dateTime(data.paidAt, data.timeZone)),
      ...payee(data, say),
      { block: 'rule' },
      {
        block: 'pair',
        label: say.label('totalCharged'),
        value: euro(data.totalCents),
        bold: true,
        size: 'tall',
      },
      { block: 'rule' },
      ...psp(data, say),
      ...cardBlocks(data.card, data.cardBrand, say),
      pair(say.label('kiosk'), data.kioskId),
      ...support(options.supportCode, say),
      ...extras(options, say),
    ],
  };
}

/** The POS's answer was lost: nobody knows yet whether the card was charged. */
export function uncertainSlip(data: UncertainData, options: SlipOptions = {}): PaperDocument {
  const say = speaker(options);
  return {
    kind: 'uncertain-slip',
    blocks: [
      ...heading(data.city, data.site),
      ...say.title('uncertainTitle', 'tall'),
      { block: 'space', lines: 1 },
      ...say.title('uncertainDoNotPay', 'double'),
      ...say.title('uncertainNotReceipt', 'normal'),
      { block: 'rule' },
      ...say.note('uncertainNote'),
      ...support(data.supportCode, say),
      { block: 'rule' },
      pair(say.label('dateTime'), dateTime(data.at, data.timeZone)),
      ...(data.description === undefined ? [] : [pair(say.label('subject'), data.description)]),
      pair(say.label('noticeNumber'), grouped(data.noticeNumber)),
      { block: 'pair', label: say.label('totalDue'), value: euro(data.totalCents), bold: true },
      ...(data.stan === undefined ? [] : [pair(say.label('stan'), data.stan)]),
      pair(say.label('kiosk'), data.kioskId),
      ...extras(options, say),
    ],
  };
}

/** The charge was given back on the card. `reversal` is the POS's evidence of giving back. */
export function reversalSlip(
  data: ReceiptData,
  reversal: CardEvidence,
  options: SlipOptions & { readonly supportCode?: string } = {},
): PaperDocument {
  const say = speaker(options);
  return {
    kind: 'reversal-slip',
    blocks: [
      ...heading(data.city, data.site),
      ...say.title('reversalTitle', 'double'),
      ...say.title('reversalSubtitle', 'tall'),
      ...say.title('reversalNotReceipt', 'normal'),
      { block: 'rule' },
      ...say.note('reversalNote'),
      { block: 'rule' },
      pair(say.label('dateTime'), dateTime(reversal.chargedAt, data.timeZone)),
      ...payee(data, say),
      { block: 'rule' },
      {
        block: 'pair',
        label: say.label('totalReturned'),
        value: euro(reversal.amountCents),
        bold: true,
        size: 'tall',
      },
      { block: 'rule' },
      ...cardBlocks(reversal, data.cardBrand, say),
      pair(say.label('token'), data.paymentToken),
      pair(say.label('kiosk'), data.kioskId),
      ...support(options.supportCode, say),
      ...extras(options, say),
    ],
  };
}

/** What a technician prints after connecting a printer: ruler, code page, sizes, QR. */
export function testPage(
  options: { readonly columns?: number; readonly details?: readonly string[] } = {},
): PaperDocument {
  const columns = options.columns ?? 42;
  const ruler = Array.from({ length: columns }, (_, at) => String((at + 1) % 10)).join('');
  return {
    kind: 'test-page',
    blocks: [
      { block: 'text', text: it.testTitle, align: 'centre', bold: true, size: 'double' },
      ...(options.details ?? []).map((text) => ({ block: 'text', text }) as const),
      { block: 'text', text: ruler },
      { block: 'rule' },
      { block: 'text', text: it.testCodePage, bold: true },
      { block: 'text', text: 'à è é ì ò ù À È É Ì Ò Ù € ° § ç ñ ä ö ü ß' },
      { block: 'pair', label: it.amount, value: euro(123456) },
      { block: 'pair', label: it.total, value: euro(123456), bold: true, size: 'tall' },
      { block: 'rule' },
      { block: 'text', text: it.testQr, bold: true },
      { block: 'qr', data: 'JOLLY TEST 0123456789' },
    ],
  };
}

interface Speaker {
  readonly system: string;
  /** `Importo` or `Importo / Amount`. */
  label(key: keyof SlipText): string;
  title(key: keyof SlipText, size: 'normal' | 'tall' | 'wide' | 'double'): readonly PaperBlock[];
  note(key: keyof SlipText): readonly PaperBlock[];
}

function speaker(options: SlipOptions): Speaker {
  const second: SlipText | undefined = options.language === 'en' ? en : undefined;
  return {
    system: it.receiptSystem,
    label: (key) => (second && second[key] !== it[key] ? `${it[key]} / ${second[key]}` : it[key]),
    title: (key, size) => [
      { block: 'text', text: it[key], align: 'centre', bold: true, size },
      ...(second && second[key] !== it[key]
        ? [{ block: 'text', text: second[key], align: 'centre' } as const]
        : []),
    ],
    note: (key) => [
      { block: 'text', text: it[key] },
      ...(second ? [{ block: 'text', text: second[key] } as const] : []),
    ],
  };
}

function heading(city: string, site: string): readonly PaperBlock[] {
  return [
    { block: 'text', text: city, align: 'centre', bold: true, size: 'tall' },
    { block: 'text', text: site, align: 'centre' },
    { block: 'rule' },
  ];
}

function payee(data: ReceiptData, say: Speaker): readonly PaperBlock[] {
  return [
    pair(say.label('creditor'), data.creditorName),
    pair(say.label('creditorTaxCode'), data.creditorTaxCode),
    ...(data.office === undefined ? [] : [pair(say.label('office'), data.office)]),
    pair(say.label('subject'), data.description),
    pair(say.label('noticeNumber'), grouped(data.noticeNumber)),
    pair(say.label('iuv'), data.iuv),
  ];
}

function psp(data: ReceiptData, say: Speaker): readonly PaperBlock[] {
  return [
    pair(say.label('psp'), data.pspName),
    pair(say.label('pspTaxCode'), data.pspTaxCode),
    pair(say.label('token'), data.paymentToken),
  ];
}

function cardBlocks(card: CardEvidence, brand: string | undefined, say: Speaker): readonly PaperBlock[] {
  const kinds = { debit: 'cardDebit', credit: 'cardCredit', other: 'cardOther' } as const;
  const kind = say.label(kinds[card.cardType]);
  const masked = cardNumber(card.maskedPan);
  return [
    pair(say.label('card'), brand ? `${brand} - ${kind}` : kind),
    ...(masked === undefined ? [] : [pair(say.label('cardNumber'), masked)]),
    ...(card.authCode === undefined ? [] : [pair(say.label('authCode'), card.authCode)]),
    pair(say.label('stan'), card.stan),
    ...(card.onlineId === undefined ? [] : [pair(say.label('onlineId'), card.onlineId)]),
    pair(say.label('posTerminal'), card.posTerminalId),
  ];
}

function support(code: string | undefined, say: Speaker): readonly PaperBlock[] {
  if (code === undefined) return [];
  return [
    { block: 'text', text: say.label('supportCode'), align: 'centre' },
    { block: 'text', text: code, align: 'centre', bold: true, size: 'double' },
  ];
}

function extras(options: SlipOptions, say: Speaker): readonly PaperBlock[] {
  const { qr, posLines = [] } = options;
  return [
    ...(qr ? [{ block: 'space', lines: 1 } as const, { block: 'qr', data: qr.data } as const] : []),
    ...(qr?.caption ? [{ block: 'text', text: qr.caption, align: 'centre' } as const] : []),
    ...(posLines.length > 0
      ? [
          { block: 'rule' } as const,
          { block: 'text', text: say.label('posLines'), align: 'centre' } as const,
          ...posLines.map(({ text, style }) => ({ block: 'pos-line', text, style }) as const),
        ]
      : []),
  ];
}

function pair(label: string, value: string): PaperBlock {
  return { block: 'pair', label, value };
}
