import type { PaymentProblem } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import type { Cents } from '@jolly/contracts/values';

/** What a gateway can do (pagopa.md 2.3). */
export interface GatewayCapabilities {
  readonly cardDrivenBy: 'kiosk' | 'gateway' | 'web';
  readonly multiNotice: boolean;
  readonly refund: boolean;
  readonly fee: 'none' | 'citizen';
}

export type Verified =
  | {
      readonly ok: true;
      readonly amountCents: Cents;
      readonly description: string;
      readonly creditorTaxCode: string;
      readonly creditorName: string;
      readonly office?: string;
      /** ISO date. */
      readonly dueDate?: string;
      readonly standIn: boolean;
    }
  | { readonly ok: false; readonly problem: PaymentProblem };

export interface Transfer {
  readonly idTransfer: number;
  readonly amountCents: Cents;
  readonly creditorTaxCode: string;
  readonly iban?: string;
  /** A digital revenue stamp: not sold here (pagopa.md 6.4). */
  readonly stamp: boolean;
  readonly remittance: string;
  readonly category?: string;
}

export type Opened =
  | {
      readonly ok: true;
      readonly paymentToken: string;
      readonly iuv: string;
      /** Final amount: charge this and nothing else. */
      readonly totalCents: Cents;
      readonly description: string;
      readonly creditorTaxCode: string;
      readonly creditorName: string;
      readonly office?: string;
      readonly transfers: readonly Transfer[];
      /** Suggested fee for the citizen, cents; undefined when the node suggests none. */
      readonly suggestedUserFeeCents?: Cents;
    }
  | { readonly ok: false; readonly problem: PaymentProblem };

/** The node's word on an outcome (pagopa.md 3.8 and 7). `unreachable` = no answer: same body and key again, later. */
export type OutcomeAnswer =
  | { readonly answer: 'ok' }
  | { readonly answer: 'already-same' } // PPT_ESITO_GIA_ACQUISITO, concorde
  | { readonly answer: 'already-opposite' } // PPT_ESITO_GIA_ACQUISITO, discorde
  | { readonly answer: 'token-expired' } // PPT_TOKEN_SCADUTO: acquired if still payable, do not reverse
  | { readonly answer: 'token-expired-ko' } // PPT_TOKEN_SCADUTO_KO: nothing to do
  | { readonly answer: 'duplicate' } // PPT_PAGAMENTO_DUPLICATO: give the money back
  | { readonly answer: 'token-unknown' } // PPT_TOKEN_SCONOSCIUTO
  | { readonly answer: 'rejected'; readonly faultCode: string } // SINTASSI, SEMANTICA, AUTORIZZAZIONE…
  | { readonly answer: 'unreachable'; readonly reason: string };

/**
 * A request ready to go: the server stores it (fsync) before it is sent, and sends exactly these bytes again with the
 * same idempotency key when the answer was lost (pagopa.md 3.6).
 */
export interface PreparedRequest {
  readonly operation: 'activatePaymentNoticeV2' | 'sendPaymentOutcomeV2';
  readonly idempotencyKey: string;
  readonly body: string;
}

/** What the outcome tells the node of the charge. */
export interface OutcomeFacts {
  readonly paymentToken: string;
  readonly outcome: 'OK' | 'KO';
  readonly feeCents: Cents;
  readonly paymentMethod: 'creditCard' | 'bancomat' | 'other';
  /** ISO date of the charge in the place's zone. */
  readonly applicationDate: string;
}

/**
 * The way to pagoPA, one adapter a contract with a PSP. `prepare…` is pure apart from randomness (the key) and takes
 * the credentials in force; `send…` does the I/O. Never logs a body.
 */
export interface PaymentGateway {
  readonly capabilities: GatewayCapabilities;
  /** Who gives the service: printed on the receipt and shown on the screen. */
  readonly psp: { readonly name: string; readonly taxCode: string };
  verify(notice: NoticeKey): Promise<Verified>;
  prepareOpen(notice: NoticeKey, amountCents: Cents, expirationMs: number): PreparedRequest;
  /** `unreachable` means nobody knows whether a session was opened: repeat with the same request. */
  sendOpen(request: PreparedRequest): Promise<Opened | { readonly ok: 'unknown'; readonly reason: string }>;
  prepareOutcome(facts: OutcomeFacts): PreparedRequest;
  sendOutcome(request: PreparedRequest): Promise<OutcomeAnswer>;
}
