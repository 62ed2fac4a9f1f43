import {
  type MessageHeader,
  type PaymentReceipt,
  type Response,
  type SaleToPOIResponse,
  toAmount,
} from '@jolly/drivers/pos/nexo';
import type { Card } from './actions.ts';

const euro = (amountCents: number): string =>
  `${Math.floor(amountCents / 100)},${String(amountCents % 100).padStart(2, '0')}`;

/** An answer to `request`; its header is the question's. */
export function answerTo(
  { MessageCategory, SaleID, POIID, ServiceID }: MessageHeader,
  body: Omit<SaleToPOIResponse, 'MessageHeader'>,
): SaleToPOIResponse {
  return {
    MessageHeader: {
      ProtocolVersion: '3.0',
      MessageClass: 'Service',
      MessageCategory,
      MessageType: 'Response',
      SaleID,
      POIID,
      ...(ServiceID === undefined ? {} : { ServiceID }),
    },
    ...body,
  };
}

export const failure = (ErrorCondition: string, message?: string): Response => ({
  Result: 'Failure',
  ErrorCondition,
  ...(message && { AdditionalResponse: new URLSearchParams({ message }).toString() }),
});

/** The slip in two copies, as makes send it; only the customer's is for the citizen. */
export function receipts(
  title: string,
  verdict: string,
  transaction: {
    readonly poiId: string;
    readonly amountCents: number;
    readonly reference: string;
    readonly card: Card;
  },
): PaymentReceipt[] {
  const line = (Text: string, CharacterStyle?: string) => ({
    Text,
    EndOfLineFlag: true,
    ...(CharacterStyle && { CharacterStyle }),
  });
  const copy = (DocumentQualifier: string) => ({
    DocumentQualifier,
    OutputContent: {
      OutputFormat: 'Text',
      OutputText: [
        line(title),
        line('POS SIMULATO'),
        line(`TML ${transaction.poiId}`),
        line(`RIF ${transaction.reference.slice(-12)}`),
        line(`CARTA ${transaction.card.maskedPan.slice(-8)}`),
        line(`EUR ${euro(transaction.amountCents)}`, 'Bold'),
        line(verdict),
        line('NON VALIDO AI FINI FISCALI'),
      ],
    },
  });
  return [copy('CustomerReceipt'), copy('CashierReceipt')];
}

const totals = (amountCents: number) => [
  {
    PaymentInstrumentType: 'Card',
    PaymentTotals:
      amountCents < 0
        ? [
            {
              TransactionType: 'ReverseDebit',
              TransactionCount: 1,
              TransactionAmount: toAmount(-amountCents),
            },
          ]
        : [{ TransactionType: 'Debit', TransactionCount: 1, TransactionAmount: toAmount(amountCents) }],
  },
];

export const totalsBody = (amountCents: number) => ({
  Response: { Result: 'Success' as const },
  TransactionTotals: totals(amountCents),
});
