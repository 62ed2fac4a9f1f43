import type { CardEvidence, OutcomeRequest, PaymentState } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import type { ProblemKind } from '@jolly/contracts/terminal-channel';
import type { Cents } from '@jolly/contracts/values';

/**
 * Where one payment stands (pagopa.md 7). A state is on the disk before anything that it announces is done.
 * Words of the specification where it has one; NO_PAPER, REVERSING, REFUSED and ABANDONED are ours.
 */
export const STATES = [
  'NEW', // verify is asked; nothing is locked
  'VERIFIED', // the citizen sees amount and creditor
  'NO_PAPER', // consent given, the receipt can only go to the phone: accepted?
  'ACTIVATING', // the position is being locked
  'FEE_SHOWN', // activated, but total or fee changed: consent again
  'CONSENTED', // consent holds for the activated total: last checks before the card
  'ANNOUNCED', // the charge is prepared: not one byte of it has been sent
  'CHARGING', // money may move from here on
  'NOT_CHARGED', // the terminal said no: another card, or cancel
  'CHARGE_UNKNOWN', // the answer was lost: never charge again, ask the terminal
  'CHARGED', // approved; the outcome is on this disk, not yet on the server's
  'CONFIRMING', // the server has the outcome on its disk; the node has not acknowledged it
  'CONFIRMED', // acknowledged by the node: the receipt may be issued
  'REFUND_DUE', // the node will not have it: give the money back
  'REVERSING', // the reversal may be on its way
  'REFUNDED', // given back on the card
  'MANUAL', // a person settles it: the fact is on its way to the operator queue
  'CANCELLING', // the KO is on this disk, not yet on the server's
  'CANCELLED',
  'REFUSED', // verify or activation said no: nothing is locked
  'ABANDONED', // the citizen went before anything was locked
] as const;
export type State = (typeof STATES)[number];

/** States in which nothing is left to do once the citizen has gone and no paper is on its way. */
export const RESTING: ReadonlySet<State> = new Set([
  'CONFIRMING',
  'CONFIRMED',
  'REFUNDED',
  'MANUAL',
  'CANCELLED',
  'REFUSED',
  'ABANDONED',
]);

export type Slip = 'receipt' | 'provisional' | 'reversal' | 'uncertain';

/** What has come out for the citizen. `printing` on the disk after a crash means: perhaps. */
export interface PaperTrail {
  readonly slip: Slip | 'none';
  readonly state: 'none' | 'printing' | 'printed' | 'failed';
  /** Jobs given to the printer whose end is not known yet. */
  readonly pending: number;
  /** Receipts that have come out, or may have: the next one is a duplicate. */
  readonly receipts: number;
  /** A receipt or provisional slip has come out. */
  readonly given: boolean;
  /** Its address was on the screen: proof only if the citizen then went by themselves, not if the power did. */
  readonly shown: boolean;
}

/** The activation without its texts: what must survive a crash. */
export interface Lock {
  readonly paymentToken: string;
  readonly iuv: string;
  readonly amountCents: Cents;
  readonly feeCents: Cents;
  readonly totalCents: Cents;
  /** Epoch ms, server's clock. */
  readonly expiresAt: number;
}

/** The durable facts of one payment: written whole with every step. No text of the notice, no name, no debtor. */
export interface Payment {
  readonly id: string;
  readonly notice: NoticeKey;
  readonly openedAt: number;
  readonly state: State;
  readonly verified?: { readonly amountCents: Cents; readonly feeCents: Cents };
  /** Total the citizen said yes to. */
  readonly consentedCents?: number;
  readonly phoneReceipt: boolean;
  readonly lock?: Lock;
  /** Present from the first announcement of a charge: what tells its answer from an older one (pos.md 1.5). */
  readonly charge?: {
    readonly lastStan?: string;
    readonly startedAt: number;
    readonly attempts: number;
    /** Until when the terminal is asked about a lost answer. */
    readonly askUntil?: number;
  };
  readonly card?: CardEvidence;
  readonly reversal?: CardEvidence;
  /** The node's last word, as the server told it. */
  readonly node?: {
    readonly state: PaymentState;
    readonly faultCode?: string;
    readonly acknowledgedAt?: number;
  };
  readonly ko?: Extract<OutcomeRequest, { outcome: 'KO' }>['reason'];
  readonly gone?: 'left' | 'idle' | 'restart';
  readonly paper: PaperTrail;
  readonly problem?: { readonly kind: ProblemKind; readonly reason?: string; readonly bankText?: string };
  /** The wait for the node's word is over: the page says "being registered". */
  readonly late: boolean;
  /** This payment was opened anew because the token of another ran short. */
  readonly again: boolean;
  /** After the cancellation a fresh payment with the same consent follows. */
  readonly succeed: boolean;
  /** A person has been called: the fact is in the outbox. */
  readonly operator: boolean;
  readonly tries: number;
  readonly facts: number;
  readonly closed: boolean;
}

export function newPayment(
  id: string,
  notice: NoticeKey,
  openedAt: number,
  from?: Pick<Payment, 'consentedCents' | 'phoneReceipt' | 'again'>,
): Payment {
  return {
    id,
    notice,
    openedAt,
    state: 'NEW',
    phoneReceipt: from?.phoneReceipt ?? false,
    ...(from?.consentedCents === undefined ? {} : { consentedCents: from.consentedCents }),
    paper: { slip: 'none', state: 'none', pending: 0, receipts: 0, given: false, shown: false },
    late: false,
    again: from?.again ?? false,
    succeed: false,
    operator: false,
    tries: 0,
    facts: 0,
    closed: false,
  };
}

/** The citizen went with a receipt, a slip or its address. */
export const hasProof = ({ paper, gone }: Payment): boolean =>
  paper.given || (paper.shown && gone !== 'restart');

/** Money moved, and has not come back as far as this terminal knows. */
export const isCharged = (payment: Payment): boolean => payment.card !== undefined && !payment.reversal;

/** From the announcement to the answer, and back again while money may return: only the terminal knows. */
const WITH_THE_CARD: ReadonlySet<State> = new Set([
  'ANNOUNCED',
  'CHARGING',
  'CHARGE_UNKNOWN',
  'REFUND_DUE',
  'REVERSING',
]);

/**
 * What an end of the power would take from the citizen: the answer of a charge, money that is to come back, a slip that is due
 * or coming out, an address of the receipt that stands on the screen instead of a slip.
 */
export function mustNotBeCut(payment: Payment): boolean {
  const { state, paper, phoneReceipt, late, gone } = payment;
  if (payment.closed) return false;
  if (WITH_THE_CARD.has(state)) return true;
  // after a restart nobody is there, and nothing comes out: the journal and the outbox have the rest
  if (gone === 'restart') return false;
  if (paper.state === 'printing') return true;
  if (!isCharged(payment) || paper.given) return false;
  // who goes by themselves has seen it: until then it is theirs to scan
  if (phoneReceipt || paper.shown) return !gone;
  // once the wait is over the provisional slip has been tried
  return (state === 'CHARGED' || state === 'CONFIRMING') && paper.slip !== 'provisional' && !(late && gone);
}
