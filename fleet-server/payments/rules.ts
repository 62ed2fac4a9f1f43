import type { OperatorItem, PaymentFact, PaymentState, PaymentStatus } from '@jolly/contracts/fleet-api';
import type { OutcomeAnswer } from '../gateway/index.ts';

/** An operator item to be raised, once per payment and kind. */
export interface ItemWanted {
  readonly kind: OperatorItem['kind'];
  readonly reason: string;
}

/** What follows from an answer of the node on an outcome. Plain data: the runner stores it in one transaction. */
export interface Consequence {
  readonly state: PaymentState;
  readonly acknowledged: boolean;
  readonly items: readonly ItemWanted[];
  /** Look at the payment again after this (ms): to verify a late one, or to see whether the money went back. */
  readonly lookAfterMs?: number;
}

/** How long the terminal has to say that it reversed a charge, before a person is asked to refund it. */
export const REVERSAL_GRACE_MS = 5 * 60_000;
/** A late payment not proved paid after this goes to a person (pagopa.md 7). */
export const LATE_LIMIT_MS = 24 * 3_600_000;
/** How long after its token's end an activated payment may stay without outcome before a person is asked. */
export const SILENCE_GRACE_MS = 30 * 60_000;

type Answered = Exclude<OutcomeAnswer, { readonly answer: 'unreachable' | 'pending' }>;

/** The decisions of pagopa.md 7 on the answer to an outcome. */
export function afterAnswer(outcome: 'OK' | 'KO', answer: Answered): Consequence {
  return outcome === 'OK' ? afterCharge(answer) : afterCancel(answer);
}

function afterCharge(answer: Answered): Consequence {
  switch (answer.answer) {
    case 'ok':
    case 'already-same':
      return { state: 'confirmed', acknowledged: true, items: [] };
    case 'token-expired':
    case 'token-expired-ko':
      // The node acquires it if still payable: never reversed before that is known.
      return { state: 'confirmed-late', acknowledged: true, items: [], lookAfterMs: lateLookMs(0) };
    case 'duplicate':
      return giveBack('duplicate');
    case 'already-opposite':
      return giveBack('discordant');
    case 'token-unknown':
      return giveBack('token-unknown', [{ kind: 'configuration', reason: 'token-unknown' }]);
    case 'rejected':
      return {
        state: 'rejected',
        acknowledged: true,
        items: [{ kind: 'outcome-rejected', reason: answer.faultCode }],
      };
  }
}

function afterCancel(answer: Answered): Consequence {
  const cancelled = { state: 'cancelled', acknowledged: true } as const;
  switch (answer.answer) {
    case 'ok':
    case 'already-same':
    case 'token-expired':
    case 'token-expired-ko':
    case 'duplicate':
      return { ...cancelled, items: [] };
    case 'already-opposite':
      // The node holds an OK that this server never sent for this payment: somebody must look.
      return { ...cancelled, items: [{ kind: 'outcome-rejected', reason: 'already-paid-after-cancel' }] };
    case 'token-unknown':
      return { ...cancelled, items: [{ kind: 'configuration', reason: 'token-unknown' }] };
    case 'rejected':
      return { ...cancelled, items: [{ kind: 'configuration', reason: answer.faultCode }] };
  }
}

function giveBack(state: PaymentState, items: readonly ItemWanted[] = []): Consequence {
  return { state, acknowledged: true, items, lookAfterMs: REVERSAL_GRACE_MS };
}

const GIVE_BACK: ReadonlySet<PaymentState> = new Set(['duplicate', 'discordant', 'token-unknown']);

/** Whether the citizen's money must go back in this state. */
export function mustGiveBack(state: PaymentState): boolean {
  return GIVE_BACK.has(state);
}

/** What the terminal must do now. */
export function instructionOf(state: PaymentState): PaymentStatus['instruction'] {
  if (mustGiveBack(state)) return 'reverse';
  if (state === 'confirmed-late') return 'do-not-reverse';
  if (state === 'rejected') return 'operator';
  if (state === 'outcome-stored' || state === 'activating') return 'wait';
  return 'none';
}

/** When a late payment is verified again: soon at first, then every half hour. */
export function lateLookMs(looks: number): number {
  return [10_000, 30_000, 60_000, 300_000][looks] ?? 1_800_000;
}

/** What a fact of the terminal changes. */
export interface FactEffect {
  readonly state?: PaymentState;
  readonly receipt?: 'printed' | 'provisional';
  readonly items: readonly (ItemWanted & { readonly amountCents?: number })[];
  /** Items that the fact settles by itself. */
  readonly settles: readonly OperatorItem['kind'][];
}

/** A charge that is certain is no charge to be found out: what the person must do differs. */
function kindOfNeed(reason: string): OperatorItem['kind'] {
  if (reason === 'receipt-not-given') return 'receipt-missing';
  return reason.startsWith('outcome-rejected') ? 'outcome-rejected' : 'charge-unknown';
}

/** `paid` = an OK was sent or is about to be. */
export function afterFact(state: PaymentState, paid: boolean, fact: PaymentFact): FactEffect {
  const nothing = { items: [], settles: [] } as const;
  switch (fact.fact) {
    case 'receipt-printed':
      return { ...nothing, receipt: 'printed' };
    case 'provisional-slip-printed':
      return { ...nothing, receipt: 'provisional' };
    case 'receipt-not-printed':
      return nothing;
    case 'charge-reversed':
      if (paid && (state === 'outcome-stored' || state === 'confirmed' || state === 'confirmed-late')) {
        // The notice stays paid while the citizen has the money back: the creditor's side must be settled by hand.
        return {
          items: [
            {
              kind: 'match-difference',
              reason: 'reversed-after-confirmation',
              amountCents: fact.card.amountCents,
            },
          ],
          settles: [],
        };
      }
      return {
        ...(mustGiveBack(state) || state === 'rejected' ? { state: 'refunded' as const } : {}),
        items: [],
        settles: ['refund', 'charge-unknown'],
      };
    case 'reversal-failed':
      return { items: [{ kind: 'refund', reason: 'reversal-failed' }], settles: [] };
    case 'charge-unknown':
      return {
        items: [{ kind: 'charge-unknown', reason: fact.reason, amountCents: fact.amountCents }],
        settles: [],
      };
    case 'operator-needed':
      return {
        items: [{ kind: kindOfNeed(fact.reason), reason: fact.reason, amountCents: fact.amountCents }],
        settles: [],
      };
    case 'charge-not-made':
      return { items: [], settles: ['charge-unknown'] };
  }
}
