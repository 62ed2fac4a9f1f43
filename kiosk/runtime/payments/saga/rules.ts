import type { OutcomeRequest, PaymentFact, PaymentProblem, PaymentStatus } from '@jolly/contracts/fleet-api';
import type { ProblemKind } from '@jolly/contracts/terminal-channel';
import type { Cents } from '@jolly/contracts/values';
import type { ChargeResult } from '@jolly/drivers/pos';
import type { Effect } from './effect.ts';
import type { EventOf, EventType } from './event.ts';
import type { Payment, State } from './payment.ts';
import type { SagaSettings } from './settings.ts';

/** What a rule may look at: the payment before the event, the event, the clock and the limits. */
export interface Scene<T extends EventType> {
  readonly payment: Payment;
  readonly event: EventOf<T>;
  readonly now: number;
  readonly limits: SagaSettings;
}

/** A message for the server that leaves by the outbox, committed with the step. */
export type Tell = { readonly outcome: OutcomeRequest } | { readonly fact: PaymentFact };

/** What a step changes; `undefined` takes a fact away. */
export type Changes = { readonly [K in keyof Payment]?: Payment[K] | undefined };

/** One arrow of the statechart. The first rule whose `when` holds is taken. `why` names it, in tests and drawings. */
export interface Rule<T extends EventType> {
  readonly why: string;
  readonly to: State;
  readonly when?: (scene: Scene<T>) => boolean;
  readonly set?: (scene: Scene<T>) => Changes;
  readonly tell?: (scene: Scene<T>) => readonly Tell[];
  readonly act?: (scene: Scene<T>) => readonly Effect[];
}

export type Rules = { readonly [T in EventType]?: readonly Rule<T>[] };

const PROBLEM_KINDS: Readonly<Record<PaymentProblem['class'], ProblemKind>> = {
  NOTICE_ALREADY_PAID: 'notice-already-paid',
  PAYMENT_ALREADY_IN_PROGRESS: 'notice-in-progress',
  EXPIRED_NOTICE: 'notice-expired',
  REVOKED_NOTICE: 'notice-revoked',
  UNKNOWN_NOTICE: 'notice-unknown',
  WRONG_NOTICE_DATA: 'notice-wrong-data',
  CREDITOR_PROBLEMS: 'creditor-unavailable',
  NOTICE_GLITCH: 'service-unavailable',
  STAMP_NOT_SOLD: 'stamp-not-sold',
  UNEXPECTED_ERROR: 'unexpected',
  NODE_UNREACHABLE: 'network-down',
};

export function problemOf(problem: PaymentProblem): NonNullable<Payment['problem']> {
  return {
    kind: PROBLEM_KINDS[problem.class],
    ...(problem.faultCode === undefined ? {} : { reason: problem.faultCode }),
  };
}

/** Reasons in facts are at most 60 characters and never carry personal data: they are words of ours or of the POS. */
export const brief = (reason: string): string => reason.slice(0, 60);

export const totalOf = (payment: Payment): Cents => (payment.lock?.totalCents ?? 0) as Cents;

export const tokenLeft = (payment: Payment, now: number): number => (payment.lock?.expiresAt ?? 0) - now;

export const gone = ({ payment }: { payment: Payment }): boolean => payment.gone !== undefined;

/** The KO is queued in the same commit that says so: after this line the position will be freed. */
export function cancel(
  why: string,
  ko: NonNullable<Payment['ko']>,
  more: { readonly problem?: NonNullable<Payment['problem']>; readonly gone?: Payment['gone'] } = {},
) {
  return {
    why,
    to: 'CANCELLING' as const,
    set: () => ({
      ko,
      ...(more.problem ? { problem: more.problem } : {}),
      ...(more.gone ? { gone: more.gone } : {}),
    }),
    tell: (): readonly Tell[] => [{ outcome: { outcome: 'KO', reason: ko } }],
    act: (): readonly Effect[] => [{ do: 'deliver' }],
  };
}

/** Citizen goes while the position is locked and nothing has been charged. */
export const leaveLocked: readonly Rule<'leave'>[] = [
  {
    ...cancel('the citizen left', 'left', { gone: 'left' }),
    when: ({ event }) => event.reason === 'left',
  },
  cancel('nobody is there', 'idle', { gone: 'idle' }),
];

export const restartLocked: readonly Rule<'restarted'>[] = [
  cancel('power came back before any charge', 'recovered', { gone: 'restart' }),
];

export const setGone = ({ event }: Scene<'leave'>): Changes => ({ gone: event.reason });

/** A charge that was never made, from the driver's result. */
export const notMade = (result: ChargeResult): boolean =>
  result.outcome === 'declined' || result.outcome === 'cancelled' || result.outcome === 'not-started';

export function problemOfCharge(result: ChargeResult): NonNullable<Payment['problem']> {
  if (result.outcome === 'declined') return { kind: 'card-declined', bankText: result.reason };
  if (result.outcome === 'cancelled') {
    return {
      kind: /time-?out|tempo/i.test(result.reason) ? 'card-timeout' : 'card-cancelled',
      reason: result.reason,
    };
  }
  return { kind: 'pos-unavailable', reason: result.outcome === 'approved' ? '' : result.reason };
}

/** What the node's word means once money has moved (pagopa.md 7). */
export const verdictOf = (
  status: PaymentStatus,
): 'confirmed' | 'late' | 'give-back' | 'operator' | 'wait' => {
  if (status.state === 'confirmed') return 'confirmed';
  if (status.state === 'confirmed-late' || status.instruction === 'do-not-reverse') return 'late';
  if (status.instruction === 'reverse') return 'give-back';
  if (['duplicate', 'discordant', 'token-unknown'].includes(status.state)) return 'give-back';
  if (status.state === 'rejected' || status.instruction === 'operator') return 'operator';
  return 'wait';
};

export const nodeOf = (status: PaymentStatus): NonNullable<Payment['node']> => ({
  state: status.state,
  ...(status.faultCode === undefined ? {} : { faultCode: status.faultCode }),
  ...(status.acknowledgedAt === undefined ? {} : { acknowledgedAt: status.acknowledgedAt }),
});
