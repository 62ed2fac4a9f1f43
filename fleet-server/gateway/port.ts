import type { CardEvidence, PaymentProblem } from '@jolly/contracts/fleet-api';
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
      /** Fee for the citizen, where the gateway knows it before the activation; none otherwise. */
      readonly feeCents?: Cents;
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
      /** Fee for the citizen, cents; undefined when the gateway names none. Counts only with `fee: 'citizen'`. */
      readonly suggestedUserFeeCents?: Cents;
      /** The fee bundle that goes with it: repeated in the outcome. */
      readonly bundle?: FeeBundle;
    }
  | { readonly ok: false; readonly problem: PaymentProblem };

/** Ids of the offer a fee comes from (pagopa.md 6.5). */
export interface FeeBundle {
  readonly idBundle?: string;
  readonly idCiBundle?: string;
}

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
  /** Taken, its result is still to come: ask again after `againInMs`. Never a yes. */
  | { readonly answer: 'pending'; readonly reason: string; readonly againInMs: number }
  | { readonly answer: 'unreachable'; readonly reason: string };

/** What came of announcing a charge. `unknown` = no answer: the same request again. */
export type AnnounceAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly faultCode: string }
  | { readonly ok: 'unknown'; readonly reason: string };

/**
 * A request ready to go: the server stores it (fsync) before it is sent, and sends exactly these bytes again with the
 * same idempotency key when the answer was lost (pagopa.md 3.6).
 */
export interface PreparedRequest {
  /** Named as the node names them, whatever the gateway; `announce` is the pre-close of MIL. */
  readonly operation: GatewayOperation;
  readonly idempotencyKey: string;
  readonly body: string;
}

export const gatewayOperations = [
  'activatePaymentNoticeV2',
  'announce',
  'sendPaymentOutcomeV2',
  'authorise',
] as const;
export type GatewayOperation = (typeof gatewayOperations)[number];

/** What the verification said of a notice, for gateways whose activation does not repeat it. */
export interface NoticeShown {
  readonly description: string;
  readonly creditorName: string;
  readonly office?: string;
}

/** Whose payment a request is, and what the citizen saw of it. */
export interface PaymentAbout {
  readonly kioskPaymentId: string;
  readonly shown?: NoticeShown;
}

/** A charge about to be made. */
export interface AnnounceFacts {
  readonly kioskPaymentId: string;
  readonly paymentToken: string;
  /** Without the fee. */
  readonly amountCents: Cents;
  readonly feeCents: Cents;
}

/** What the outcome tells the node of the charge. */
export interface OutcomeFacts {
  readonly kioskPaymentId: string;
  readonly paymentToken: string;
  readonly outcome: 'OK' | 'KO';
  readonly feeCents: Cents;
  readonly paymentMethod: 'creditCard' | 'bancomat' | 'other';
  /** ISO date of the charge in the place's zone. */
  readonly applicationDate: string;
  /** Instant of the charge, or of the decision not to charge: local time of the place, `2026-11-21T10:15:30`. */
  readonly localTime: string;
  readonly bundle?: FeeBundle;
  /** Whether the gateway took the announcement of this charge, or itself had the card approved. */
  readonly announced: boolean;
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
  prepareOpen(
    notice: NoticeKey,
    amountCents: Cents,
    expirationMs: number,
    about?: PaymentAbout,
  ): PreparedRequest;
  /** `unreachable` means nobody knows whether a session was opened: repeat with the same request. */
  sendOpen(request: PreparedRequest): Promise<Opened | { readonly ok: 'unknown'; readonly reason: string }>;
  /** Present where a charge must be announced before the card is asked for (pagopa.md 5.2, pre-close). */
  readonly announce?: {
    prepare(facts: AnnounceFacts): PreparedRequest;
    send(request: PreparedRequest): Promise<AnnounceAnswer>;
  };
  prepareOutcome(facts: OutcomeFacts): PreparedRequest;
  /** `attempt` counts from 1: a repetition first asks what became of the one before, where the gateway can tell. */
  sendOutcome(request: PreparedRequest, attempt?: number): Promise<OutcomeAnswer>;
  /** The same gateway called in the name of one terminal, where the platform tells its callers apart. */
  forTerminal?(terminalId: string): PaymentGateway;
  /** Present where the gateway, not the kiosk, asks for the card (`cardDrivenBy: 'gateway'`). */
  readonly card?: CardDriver;
}

/** Asks for a card at a terminal of the PSP (pagopa.md 6.1). */
export interface CardDriver {
  /** A session has no effect on money: it may be opened again. */
  openSession(kioskPaymentId: string): Promise<CardSession>;
  prepareAuthorisation(facts: AuthorisationFacts): PreparedRequest;
  /** `unknown`: nobody knows whether the card was asked for; it is never asked for again before the session tells. */
  sendAuthorisation(request: PreparedRequest): Promise<AuthorisationAnswer>;
  askSession(of: { readonly sessionId: string; readonly kioskPaymentId: string }): Promise<SessionState>;
  readCallback(body: unknown): CallbackRead;
  /** How long after the request the PSP may still speak, ms. */
  readonly waitMs: number;
  /** Pause between two questions about a session, ms. */
  readonly askEveryMs: number;
}

export type CardSession =
  | {
      readonly ok: true;
      readonly sessionId: string;
      readonly terminals: readonly { readonly id: string; readonly available: boolean }[];
    }
  | { readonly ok: false; readonly reason: string };

export interface AuthorisationFacts {
  readonly kioskPaymentId: string;
  readonly sessionId: string;
  readonly posTerminalId: string;
  readonly notice: NoticeKey;
}

export type AuthorisationAnswer =
  | { readonly ok: true; readonly amountCents: Cents }
  | { readonly ok: false; readonly reason: string }
  | { readonly ok: 'unknown'; readonly reason: string };

/** `done` = finished and, so the platform says, told to us by its callback. */
export type SessionState = 'done' | 'failed' | 'ongoing' | 'unheard';

/** What the platform says by its callback about a card. */
export type CallbackRead =
  | {
      readonly ok: true;
      readonly sessionId: string;
      readonly posTerminalId: string;
      readonly amountCents: Cents;
      readonly at: number;
      readonly outcome:
        | { readonly kind: 'approved'; readonly card: CardEvidence }
        | { readonly kind: 'declined' | 'cancelled'; readonly reason: string };
    }
  | { readonly ok: false };
