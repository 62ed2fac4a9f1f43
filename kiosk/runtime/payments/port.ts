import type { NoticeKey } from '@jolly/contracts/notice';
import type { Limitation, Money, Screen } from '@jolly/contracts/terminal-channel';

/** The screens that a payment shows: the desk gives them ready, the session only chooses when to show them. */
export type PaymentScreen = Extract<
  Screen,
  {
    name:
      | 'pay-verifying'
      | 'pay-check'
      | 'pay-changed'
      | 'pay-no-paper'
      | 'pay-activating'
      | 'pay-card'
      | 'pay-done'
      | 'problem';
  }
>;

/** What the citizen (or the session for them) tells a running payment. Unknown in the present state: ignored. */
export type PaymentCommand =
  | { readonly type: 'consent'; readonly totalCents: number }
  | { readonly type: 'accept-phone-receipt' }
  | { readonly type: 'refuse' }
  | { readonly type: 'cancel-card' }
  | { readonly type: 'retry-card' }
  /** Verify once more after a refusal that may pass. */
  | { readonly type: 'retry' }
  | { readonly type: 'reprint' }
  /** The citizen goes: KO if nothing was charged, else everything still open goes on without them. */
  | { readonly type: 'leave'; readonly reason: 'left' | 'idle' };

/** One payment in front of the citizen. */
export interface CitizenPayment {
  readonly kioskPaymentId: string;
  readonly screen: PaymentScreen;
  /** Where the money is, in the words of the idle warning and the bad-news page. */
  readonly money: Money;
  /** False from the first byte to the POS until its result is known: no idle warning, no leaving. */
  readonly interruptible: boolean;
  send(command: PaymentCommand): void;
  onChange(listener: () => void): () => void;
}

export interface CloseDayOptions {
  /** Ask the POS for its totals and close its session: they run from close to close. */
  readonly askPos: boolean;
  /** Send the day without the POS's figures when it gives none; else it is `later`. */
  readonly insist: boolean;
}
export type DayClose = 'closed' | 'nothing-to-do' | 'later';

/** The payments of this terminal: the running one and those still to be finished in the background. */
export interface PaymentDesk {
  /** Starts a payment: verify. Throws `PAYMENT_RUNNING` while another is in front of the citizen. */
  open(notice: NoticeKey): CitizenPayment;
  /** Reads the journal and finishes, reverses or hands over what a crash left open. Called once, before the screen. */
  recover(): Promise<{ readonly resumed: number; readonly handedOver: number }>;
  /** Why payments cannot be taken just now; empty when they can. */
  limitations(): readonly Limitation[];
  onChange(listener: () => void): () => void;
  readonly openPayments: number;
  /**
   * From the announcement of a charge until the citizen has their receipt, or none can come, and money that must go back is
   * settled: worth waiting for before the power goes.
   */
  readonly busy: boolean;
  readonly outboxDepth: number;
  /**
   * Closes a day that is over: totals and close at the POS when asked for, the day's charges, all to the server. Safe to
   * repeat: a day without new charges since its close is `nothing-to-do`; with new ones it is closed again.
   */
  closeDay(day: string, options: CloseDayOptions): Promise<DayClose>;
  close(): Promise<void>;
}
