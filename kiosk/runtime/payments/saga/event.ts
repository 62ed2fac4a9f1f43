import type { Activation, PaymentProblem, PaymentStatus, VerifiedNotice } from '@jolly/contracts/fleet-api';
import type { ChargeResult, LastTransaction, RecoveryVerdict } from '@jolly/drivers/pos';
import type { PrintResult } from '@jolly/drivers/printer';
import type { Slip } from './payment.ts';

/** Why the card is not asked for. */
export type NotReady =
  | 'token-short'
  | 'pos-unavailable'
  | 'clock-wrong'
  | 'no-paper'
  | 'journal'
  | 'door-open';

/** Everything that can happen to a payment: what the citizen says, what the world answers, what the clock brings. */
export type PaymentEvent =
  // the citizen
  | { readonly type: 'consent'; readonly totalCents: number; readonly paper: boolean }
  | { readonly type: 'accept-phone-receipt' }
  | { readonly type: 'refuse' }
  | { readonly type: 'cancel-card' }
  | { readonly type: 'retry-card' }
  | { readonly type: 'retry' }
  | { readonly type: 'reprint' }
  | { readonly type: 'leave'; readonly reason: 'left' | 'idle' }
  // the server
  | { readonly type: 'verified'; readonly notice: VerifiedNotice }
  | { readonly type: 'verify-refused'; readonly problem: PaymentProblem }
  | { readonly type: 'activated'; readonly activation: Activation }
  | { readonly type: 'activate-refused'; readonly problem: PaymentProblem }
  | { readonly type: 'server-silent' }
  | { readonly type: 'outcome-stored'; readonly status: PaymentStatus }
  | { readonly type: 'outcome-refused'; readonly code: string }
  | { readonly type: 'node-said'; readonly status: PaymentStatus }
  | { readonly type: 'link-shown' }
  // the devices
  | { readonly type: 'ready'; readonly lastStan?: string; readonly found?: LastTransaction }
  | { readonly type: 'not-ready'; readonly why: NotReady; readonly detail?: string }
  | { readonly type: 'card-started' }
  | { readonly type: 'charge-ended'; readonly result: ChargeResult }
  | { readonly type: 'recovered'; readonly verdict: RecoveryVerdict }
  | { readonly type: 'reverse-started' }
  | { readonly type: 'reverse-ended'; readonly result: ChargeResult }
  | { readonly type: 'reversal-asked'; readonly found: LastTransaction }
  | { readonly type: 'print-ended'; readonly slip: Slip; readonly result: PrintResult }
  // the clock and the power
  | { readonly type: 'token-short' }
  | { readonly type: 'wait-over' }
  | { readonly type: 'restarted' };

export type EventType = PaymentEvent['type'];
export type EventOf<T extends EventType> = Extract<PaymentEvent, { type: T }>;
