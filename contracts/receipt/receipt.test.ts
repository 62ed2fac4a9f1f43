import fc from 'fast-check';
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import type { CardEvidence } from '../fleet-api/index.ts';
import { cents } from '../values/index.ts';
import {
  barcodeRaster,
  cardNumber,
  dateTime,
  euro,
  layOut,
  type PaperDocument,
  provisionalSlip,
  qrRaster,
  type ReceiptData,
  receipt,
  receiptDataOf,
  receiptDuplicate,
  renderSvg,
  renderText,
  reversalSlip,
  testPage,
  uncertainSlip,
} from './index.ts';

const card: CardEvidence = {
  posTerminalId: '12345678',
  stan: '000123',
  onlineId: '000000456',
  authCode: 'A1B2C3',
  maskedPan: '45399512****1234',
  cardType: 'debit',
  chargedAt: Date.UTC(2026, 10, 21, 9, 24, 5),
  amountCents: cents(123_456),
};
const data: ReceiptData = receiptDataOf({
  activation: {
    paymentToken: 'c1d2e3f4a5b60718293a4b5c6d7e8f90',
    iuv: '02001234567890123',
    amountCents: cents(123_456),
    feeCents: cents(0),
    totalCents: cents(123_456),
    expiresAt: 0,
    description: 'TARI 2026, prima rata, immobile di via Garibaldi',
    creditorTaxCode: '00399050584',
    creditorName: 'Comune di Borgo Ligure',
    office: 'Ufficio Tributi',
    pspName: 'Istituto di Pagamento Demo S.p.A.',
    pspTaxCode: '12345678903',
    beneficiaries: 1,
  },
  noticeNumber: '302001234567890123',
  card,
  cardBrand: 'VISA',
  place: { timeZone: 'Europe/Rome', city: 'Comune di Borgo Ligure', site: 'Atrio', kioskId: 'BL-001' },
});
const uncertain = {
  at: data.paidAt,
  timeZone: 'Europe/Rome',
  city: data.city,
  site: data.site,
  kioskId: data.kioskId,
  supportCode: '7KQ-4M2',
  noticeNumber: data.noticeNumber,
  totalCents: data.totalCents,
};
const english = { language: 'en' } as const;
const every: readonly (readonly [string, PaperDocument])[] = [
  ['receipt', receipt(data)],
  ['receipt in English', receipt(data, english)],
  ['duplicate', receiptDuplicate(data, english)],
  ['provisional slip', provisionalSlip(data, { ...english, supportCode: '7KQ-4M2' })],
  ['uncertain slip', uncertainSlip(uncertain, english)],
  [
    'reversal slip',
    reversalSlip(data, card, { posLines: [{ text: 'STORNO EUR 1234,56', style: 'tall bold' }] }),
  ],
  ['test page', testPage()],
];
/** The words of a slip as one line, so that a break in the middle of a name does not matter. */
const words = (document: PaperDocument) => renderText(document).replace(/\s+/g, ' ');

describe('a receipt', () => {
  it('says all that a paper copy must (pagopa.md 8)', () => {
    const said = words(receipt(data));
    for (const fact of [
      '21/11/2026 10:24:05',
      '00399050584',
      'Comune di Borgo Ligure',
      '02001234567890123',
      'Istituto di Pagamento Demo S.p.A.',
      '12345678903',
      'c1d2e3f4a5b60718293a4b5c6d7e8f90',
      '1.234,56 €',
      'TARI 2026, prima rata, immobile di via Garibaldi',
      '3020 0123 4567 8901 23',
      'Commissione 0,00 €',
      'VISA - Debito',
      '**** **** **** 1234',
      'A1B2C3',
      '000123',
      '000000456',
      '12345678',
      'BL-001',
      'Copia cliente',
    ]) {
      expect(said).toContain(fact);
    }
  });

  it('shows no more of the card than its last four digits', () => {
    expect(words(receipt(data))).not.toContain('4539');
    expect(cardNumber(undefined)).toBeUndefined();
  });

  it('prints English beside Italian, never instead', () => {
    const said = words(receipt(data, english));
    expect(said).toContain('Importo / Amount');
    expect(said).toContain('ATTESTAZIONE DI PAGAMENTO PAYMENT RECEIPT');
    expect(words(receipt(data))).not.toContain('Amount');
  });

  it('says on a duplicate that it is one, and only there', () => {
    expect(words(receiptDuplicate(data))).toContain('DUPLICATO');
    expect(receiptDuplicate(data).kind).toBe('receipt-duplicate');
    expect(words(receipt(data))).not.toContain('DUPLICATO');
  });
});

describe('a slip that is not a receipt', () => {
  it('says so when the confirmation is still to come', () => {
    const said = words(provisionalSlip(data));
    expect(said).toContain('PAGAMENTO ACQUISITO Conferma in corso');
    expect(said).toContain('NON È UNA RICEVUTA');
    expect(said).toContain('Non pagare di nuovo');
    expect(said).toContain(data.paymentToken);
    expect(said).toContain('000123');
    expect(said).not.toContain('ATTESTAZIONE');
  });

  it('says not to pay again when the outcome is unknown, with the code to ask by', () => {
    const said = words(uncertainSlip(uncertain));
    expect(said).toContain('ESITO DA VERIFICARE');
    expect(said).toContain('NON PAGARE DI NUOVO');
    expect(said).toContain('7KQ-4M2');
  });

  it('says that the money was given back', () => {
    const said = words(reversalSlip(data, card));
    expect(said).toContain('STORNO Importo restituito sulla carta');
    expect(said).toMatch(/TOTALE RESTITUITO 1\.234,56 €/);
  });

  it('prints the lines of the POS as received', () => {
    const line = 'IMPORTO      EUR 1234,56';
    const posLines = [{ text: line, style: 'normal' }];
    expect(renderText(receipt(data, { posLines }))).toContain(line);
  });
});

describe('the layout', () => {
  it.each(every)('keeps every line of the %s within the paper', (_, document) => {
    for (const columns of [32, 42, 48]) {
      for (const line of layOut(document, columns)) {
        if (line.line === 'text') expect([...line.text].length * line.scaleX).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('aligns the figures at the end edge', () => {
    const figures = renderText(receipt(data))
      .split('\n')
      .filter((line) => line.endsWith('€'));
    expect(figures).toHaveLength(3);
    expect(figures.every((line) => [...line].length === 42)).toBe(true);
  });

  it('loses no word, whatever the text and the width', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 40 }), fc.integer({ min: 16, max: 96 }), (text, columns) => {
        const document: PaperDocument = { kind: 'test-page', blocks: [{ block: 'text', text }] };
        expect(renderText(document, { columns }).replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''));
      }),
    );
  });
});

describe('the preview', () => {
  it.each(every)('draws the %s as well-formed SVG', (_, document) => {
    const svg = renderSvg(document);
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/);
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg.match(/<g/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
  });

  it('gives the same picture for the same document', () => {
    expect(renderSvg(receipt(data))).toBe(renderSvg(receipt(data)));
  });

  it('lets no text become markup, nor a character that XML forbids through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const svg = renderSvg({ kind: 'test-page', blocks: [{ block: 'text', text: `${text}<script>&"` }] });
        expect(svg).not.toContain('<script>');
        expect([...svg].every((sign) => sign >= ' ' || '\t\n\r'.includes(sign))).toBe(true);
      }),
    );
  });

  it('draws a QR that a reader reads', () => {
    const link = 'https://comune.example/r/0123456789abcdef';
    const svg = renderSvg(receipt(data, { qr: { data: link } }));
    expect(read(svg)).toBe(link);
  });
});

/** Rasterises the QR's path of the drawing and gives it to jsqr. */
function read(svg: string): string | undefined {
  const drawn = /shape-rendering="crispEdges">.*?<path[^>]* d="([^"]+)"/s.exec(svg)?.[1] ?? '';
  const runs = [...drawn.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)].map((run) => run.slice(1).map(Number));
  const modules = Math.max(...runs.map(([x = 0, , across = 0]) => x + across));
  const side = (modules + 8) * 4;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [x = 0, y = 0, across = 0] of runs) {
    for (let line = (y + 4) * 4; line < (y + 5) * 4; line++) {
      for (let at = (x + 4) * 4; at < (x + across + 4) * 4; at++) {
        pixels.fill(0, (line * side + at) * 4, (line * side + at) * 4 + 3);
      }
    }
  }
  return jsQR.default(pixels, side, side)?.data;
}

describe('the parts', () => {
  it('writes amounts in the Italian way', () => {
    expect([0, 5, 12345, 123456789].map(euro)).toEqual(['0,00 €', '0,05 €', '123,45 €', '1.234.567,89 €']);
  });

  it('shows the hour of the place, through the change to winter time', () => {
    expect(dateTime(Date.UTC(2026, 6, 1, 8, 0, 0), 'Europe/Rome')).toBe('01/07/2026 10:00:00');
    expect(dateTime(Date.UTC(2026, 10, 1, 8, 0, 0), 'Europe/Rome')).toBe('01/11/2026 09:00:00');
  });

  it('refuses symbols that cannot be, without throwing', () => {
    expect(qrRaster('')).toBeUndefined();
    expect(qrRaster('x'.repeat(5000))).toBeUndefined();
    expect(barcodeRaster('ean13', 'not digits')).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        qrRaster(text);
        barcodeRaster('code128', text);
        barcodeRaster('ean8', text);
      }),
      { numRuns: 50 },
    );
  });
});
