import { toAmount } from './amounts.ts';
import type { SaleToPOIRequest } from './messages.ts';

/** Who speaks to whom. */
export interface Parties {
  /** The till: unique in the merchant's shop. */
  readonly saleId: string;
  /** The terminal: model and serial number, e.g. `P400Plus-123456789`. */
  readonly poiId: string;
}

type Category =
  | 'Payment'
  | 'Reversal'
  | 'TransactionStatus'
  | 'Abort'
  | 'Diagnosis'
  | 'Login'
  | 'Logout'
  | 'GetTotals'
  | 'Reconciliation';

/** One request; the header goes first, so that a trace of the wire's first bytes names it. */
function request(
  parties: Parties,
  category: Category,
  serviceId: string,
  body: Record<string, unknown>,
): { readonly SaleToPOIRequest: SaleToPOIRequest } {
  return {
    SaleToPOIRequest: {
      MessageHeader: {
        ProtocolVersion: '3.0',
        MessageClass: 'Service',
        MessageCategory: category,
        MessageType: 'Request',
        SaleID: parties.saleId,
        ServiceID: serviceId,
        POIID: parties.poiId,
      },
      [`${category}Request`]: body,
    },
  };
}

export type NexoRequest = ReturnType<typeof request>;

const iso = (at: number): string => new Date(at).toISOString();

/** `amountCents` in cents, `at` epoch ms; `saleReference` is ours, of at most 40 characters. */
export const paymentRequest = (
  parties: Parties,
  serviceId: string,
  payment: { readonly amountCents: number; readonly saleReference: string; readonly at: number },
): NexoRequest =>
  request(parties, 'Payment', serviceId, {
    SaleData: { SaleTransactionID: { TransactionID: payment.saleReference, TimeStamp: iso(payment.at) } },
    PaymentTransaction: {
      AmountsReq: { Currency: 'EUR', RequestedAmount: toAmount(payment.amountCents) },
    },
  });

/** Gives a whole payment back, by the terminal's own name of it. */
export const reversalRequest = (
  parties: Parties,
  serviceId: string,
  original: { readonly reference: string; readonly at: number },
): NexoRequest =>
  request(parties, 'Reversal', serviceId, {
    OriginalPOITransaction: {
      POITransactionID: { TransactionID: original.reference, TimeStamp: iso(original.at) },
    },
    ReversalReason: 'MerchantCancel',
  });

/** Asks about one message of ours by its ServiceID, or about the last transaction when none is named. */
export const statusRequest = (
  parties: Parties,
  serviceId: string,
  about?: { readonly category: 'Payment' | 'Reversal'; readonly serviceId: string },
): NexoRequest =>
  request(parties, 'TransactionStatus', serviceId, {
    ...(about && {
      MessageReference: {
        MessageCategory: about.category,
        SaleID: parties.saleId,
        ServiceID: about.serviceId,
      },
    }),
    ReceiptReprintFlag: false,
    DocumentQualifier: ['CustomerReceipt'],
  });

/** Only an event: the answer to the payment still comes. */
export const abortRequest = (parties: Parties, serviceId: string, payment: string): NexoRequest =>
  request(parties, 'Abort', serviceId, {
    MessageReference: { MessageCategory: 'Payment', SaleID: parties.saleId, ServiceID: payment },
    AbortReason: 'MerchantAbort',
  });

export const diagnosisRequest = (parties: Parties, serviceId: string): NexoRequest =>
  request(parties, 'Diagnosis', serviceId, { HostDiagnosisFlag: false });

export const loginRequest = (parties: Parties, serviceId: string, at: number): NexoRequest =>
  request(parties, 'Login', serviceId, {
    DateTime: iso(at),
    SaleSoftware: {
      ManufacturerID: 'Jolly',
      ApplicationName: 'Jolly',
      SoftwareVersion: '1',
      CertificationCode: '-',
    },
    SaleTerminalData: {
      TerminalEnvironment: 'Unattended',
      SaleCapabilities: ['PrinterReceipt', 'CashierStatus'],
    },
  });

export const logoutRequest = (parties: Parties, serviceId: string): NexoRequest =>
  request(parties, 'Logout', serviceId, { MaintenanceAllowed: true });

export const totalsRequest = (parties: Parties, serviceId: string): NexoRequest =>
  request(parties, 'GetTotals', serviceId, {});

export const reconciliationRequest = (parties: Parties, serviceId: string): NexoRequest =>
  request(parties, 'Reconciliation', serviceId, { ReconciliationType: 'SaleReconciliation' });
