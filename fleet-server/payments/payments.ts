import type {
  ActivateRequest,
  ActivateResponse,
  AuthorisationRequest,
  AuthorisationResponse,
  OutcomeRequest,
  OutcomeResponse,
  PaymentFacts,
  PaymentStatus,
  VerifyResponse,
} from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import { activationDesk } from './activation.ts';
import { type AuthorisationDesk, authorisationDesk } from './authorisations.ts';
import type { PaymentsContext } from './context.ts';
import { takeFacts } from './facts.ts';
import { outcomeDesk } from './outcome.ts';
import { getPayment, statusOfPayment } from './records.ts';
import type { PaymentKey } from './tables.ts';
import { type PaymentWorker, paymentWorker } from './worker.ts';

/** All that can be asked about payments; every call is safe to repeat. */
export interface Payments {
  verify(key: PaymentKey, notice: NoticeKey): Promise<VerifyResponse>;
  activate(key: PaymentKey, request: ActivateRequest): Promise<ActivateResponse>;
  takeOutcome(key: PaymentKey, request: OutcomeRequest): Promise<OutcomeResponse>;
  takeFacts(key: PaymentKey, facts: PaymentFacts): Promise<void>;
  status(key: PaymentKey): Promise<PaymentStatus>;
  /** Where the gateway asks for the card: asks it, or tells how the card stands. */
  authorise(key: PaymentKey, request: AuthorisationRequest): Promise<AuthorisationResponse>;
  authorisation(key: PaymentKey, attempt: number): Promise<AuthorisationResponse>;
  takeCallback: AuthorisationDesk['takeCallback'];
  readonly worker: PaymentWorker;
}

export function openPayments(ctx: PaymentsContext): Payments {
  const outcomes = outcomeDesk(ctx);
  const activations = activationDesk(ctx, outcomes);
  const authorisations = authorisationDesk(ctx);
  return {
    verify: activations.verify,
    activate: activations.activate,
    takeOutcome: outcomes.take,
    takeFacts: (key, facts) => takeFacts(ctx, key, facts),
    status: async (key) => statusOfPayment(await getPayment(ctx.store, key)),
    authorise: authorisations.ask,
    authorisation: authorisations.read,
    takeCallback: authorisations.takeCallback,
    worker: paymentWorker(ctx, activations, outcomes, authorisations),
  };
}
