import type {
  ActivateRequest,
  ActivateResponse,
  AssistanceRequest,
  AuthorisationRequest,
  AuthorisationResponse,
  LinkAccess,
  OutcomeRequest,
  OutcomeResponse,
  PaymentFacts,
  PaymentStatus,
  PosDay,
  ReceiptLinkResponse,
  VerifyRequest,
  VerifyResponse,
} from '@jolly/contracts/fleet-api';
import type { UsageBatch } from '@jolly/contracts/usage';

/** What a command brought goes to the server; the same again is taken as the same. Rejects as `FleetClient` does. */
export interface AttachmentClient {
  attach(commandId: string, type: string, content: Uint8Array): Promise<void>;
}

/**
 * The fleet server as the terminal sees it. Every call is signed with the device key. A call that got no usable answer
 * rejects with `SERVER_UNREACHABLE` (retry: later); one that was refused rejects with `SERVER_REFUSED` and its code.
 * All but `authorise` are safe to repeat: they are keyed by payment, batch or day.
 */
export interface FleetClient {
  verify(request: VerifyRequest): Promise<VerifyResponse>;
  activate(kioskPaymentId: string, request: ActivateRequest): Promise<ActivateResponse>;
  /** Resolves only after the server has committed the outcome. */
  outcome(kioskPaymentId: string, request: OutcomeRequest): Promise<OutcomeResponse>;
  status(kioskPaymentId: string): Promise<PaymentStatus>;
  /** Asks the gateway for the card, at a terminal that it drives. Never called twice for one charge. */
  authorise(kioskPaymentId: string, request: AuthorisationRequest): Promise<AuthorisationResponse>;
  /** How this request for the card stands; `none` when the server has never begun it. */
  authorisation(kioskPaymentId: string, attempt: number): Promise<AuthorisationResponse>;
  facts(kioskPaymentId: string, facts: PaymentFacts): Promise<void>;
  receiptLink(kioskPaymentId: string): Promise<ReceiptLinkResponse>;
  posDay(day: PosDay): Promise<void>;
  usage(batch: UsageBatch): Promise<void>;
  /** How to reach the fleet link. */
  linkAccess(): Promise<LinkAccess>;
  /** Asks the office for a person; once taken, the call stands in the console. */
  assistance(call: AssistanceRequest): Promise<void>;
  /** Terminal clock minus server clock (ms), from the last answer; undefined before the first. */
  readonly clockSkewMs: number | undefined;
  /** Whether the last call reached the server. */
  readonly reachable: boolean;
}
