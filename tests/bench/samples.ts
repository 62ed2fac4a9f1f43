import type { ReceiptData } from '@jolly/contracts/receipt';
import { DEFAULT_PREFERENCES, type Snapshot } from '@jolly/contracts/terminal-channel';
import { cents } from '@jolly/contracts/values';

/** What the codecs are measured on: the demo city's notice, paid by card. Nobody's data. */
export const receiptData: ReceiptData = {
  paidAt: Date.UTC(2026, 10, 21, 9, 24),
  timeZone: 'Europe/Rome',
  city: 'Comune di Prato',
  site: 'Sportello di Piazza Mercatale',
  kioskId: 'PO-09',
  creditorTaxCode: '84006890481',
  creditorName: 'Comune di Prato',
  office: 'Ufficio Tributi',
  iuv: '02000120456789276',
  noticeNumber: '302000120456789276',
  pspName: 'Banca Dimostrativa S.p.A.',
  pspTaxCode: '02654890025',
  paymentToken: '7a1c2f0b9d8e4c35a6b7c8d9e0f1a2b3',
  description: 'TARI 2026 - seconda rata',
  amountCents: cents(12_345),
  feeCents: cents(0),
  totalCents: cents(12_345),
  card: {
    posTerminalId: '12345678',
    stan: '000042',
    onlineId: '000042',
    authCode: 'A00042',
    acquirerId: '00000000003',
    maskedPan: '541275******4321',
    cardType: 'credit',
    entry: 'CLI',
    chargedAt: Date.UTC(2026, 10, 21, 9, 24),
    amountCents: cents(12_345),
  },
};

const hint = { angle: 0, side: 'centre' } as const;
export const snapshot: Snapshot = {
  v: 1,
  seq: 17,
  at: Date.UTC(2026, 10, 21, 9, 24),
  place: {
    terminalId: 'PO-09',
    city: 'Comune di Prato',
    site: 'Sportello di Piazza Mercatale',
    creditorTaxCode: '84006890481',
    timeZone: 'Europe/Rome',
    demo: true,
    languages: ['it', 'en'],
    voice: false,
    hints: { barcode: hint, pos: hint, printer: hint, card: hint },
  },
  preferences: DEFAULT_PREFERENCES,
  limitations: [],
  screen: {
    name: 'pay-card',
    notice: {
      noticeNumber: '302000120456789276',
      creditorTaxCode: '84006890481',
      creditorName: 'Comune di Prato',
      office: 'Ufficio Tributi',
      description: 'TARI 2026 - seconda rata',
      amountCents: cents(12_345),
      dueDate: '2026-12-02',
      daysLeft: 11,
      feeCents: cents(0),
      totalCents: cents(12_345),
    },
    progress: { step: 'authorising', posText: 'ELABORAZIONE...', canCancel: false },
  },
  session: { canGoBack: false, canLeave: false },
  languageSheet: false,
  aidsSheet: false,
  headset: false,
  covered: false,
};

const nexoLine = (Text: string) => ({ Text, EndOfLineFlag: true });
const nexoSlip = [
  ...['PAGAMENTO', 'BANCA DI PROVA', 'TML SIM-12345678', 'RIF 000000000042', 'CARTA ******4321'],
  ...['EUR 123,45', 'TRANSAZIONE ESEGUITA', 'NON VALIDO AI FINI FISCALI'],
].map(nexoLine);

/** An approved payment as a nexo terminal answers it, with both copies of its slip. */
export const nexoAnswer = {
  SaleToPOIResponse: {
    MessageHeader: {
      ProtocolVersion: '3.0',
      MessageClass: 'Service',
      MessageCategory: 'Payment',
      MessageType: 'Response',
      SaleID: 'JOLLY-01',
      ServiceID: 'P0123ABCDE',
      POIID: 'SIM-12345678',
    },
    PaymentResponse: {
      Response: { Result: 'Success' },
      POIData: {
        POITransactionID: {
          TransactionID: 'SIM001000000042.PSP000000000042',
          TimeStamp: '2026-11-21T09:24:00.000Z',
        },
      },
      PaymentResult: {
        PaymentInstrumentData: {
          PaymentInstrumentType: 'Card',
          CardData: { PaymentBrand: 'mc', MaskedPAN: '541275******4321', EntryMode: ['Contactless'] },
        },
        AmountsResp: { Currency: 'EUR', AuthorizedAmount: 123.45 },
        PaymentAcquirerData: { AcquirerID: '00000000003', ApprovalCode: 'A00042' },
      },
      PaymentReceipt: ['CustomerReceipt', 'CashierReceipt'].map((DocumentQualifier) => ({
        DocumentQualifier,
        OutputContent: { OutputFormat: 'Text', OutputText: nexoSlip },
      })),
    },
  },
} as const;
