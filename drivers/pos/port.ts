import type { CardEvidence } from '@jolly/contracts/fleet-api';
import type { Cents } from '@jolly/contracts/values';
import type { Device } from '../health/index.ts';

/** How a card payment ended. `uncertain` is a first-class result: never charge again on it. */
export type ChargeResult =
  | { readonly outcome: 'approved'; readonly card: CardEvidence }
  | {
      readonly outcome: 'declined';
      readonly reason: string;
      readonly actionCode?: string;
      readonly stan?: string;
    }
  /** Nothing was sent, or the terminal answered that nothing was done. */
  | { readonly outcome: 'not-started'; readonly reason: string }
  | { readonly outcome: 'cancelled'; readonly reason: string }
  | { readonly outcome: 'uncertain'; readonly reason: string };

/** Instant (epoch ms) of a last transaction whose time the terminal does not tell; no comparison takes it for a recent one. */
export const TIME_NOT_TOLD = 0;

/** What the terminal says of its last transaction (ECR17 `G`, nexo TransactionStatus, ZVT repeat receipt). */
export type LastTransaction =
  | {
      readonly found: 'approved';
      /** `chargedAt` is `TIME_NOT_TOLD` where the terminal gives no time: such a payment is older than every charge. */
      readonly card: CardEvidence;
      readonly kind: 'payment' | 'reversal' | 'unknown';
    }
  | { readonly found: 'declined'; readonly reason: string; readonly stan?: string }
  | { readonly found: 'none' }
  | { readonly found: 'unreachable'; readonly reason: string };

/** What the runtime journaled before a charge: enough to tell a recovered answer from an older one. */
export interface ChargeReference {
  readonly kioskPaymentId: string;
  readonly amountCents: Cents;
  /** STAN of the terminal's last transaction, asked before this charge; undefined when it had none. */
  readonly lastStan: string | undefined;
  /** When the charge was announced (epoch ms). */
  readonly startedAt: number;
}

/** The verdict on a charge whose answer was lost (pos.md 1.5, rule 3). */
export type RecoveryVerdict =
  | { readonly verdict: 'charged'; readonly card: CardEvidence }
  | { readonly verdict: 'not-charged'; readonly reason: string }
  | { readonly verdict: 'undecidable'; readonly reason: string }
  | { readonly verdict: 'unreachable'; readonly reason: string };

export interface PosTotals {
  readonly posTotalCents: number;
  readonly hostTotalCents?: number;
}

export interface CardTerminalEvents {
  /** The terminal's own words, at most 20 characters. */
  progress?(text: string): void;
  /** A line of the terminal's receipt, to be printed as received. */
  receiptLine?(line: { readonly style: string; readonly text: string }): void;
}

/**
 * A payment terminal, whatever it speaks. One transaction at a time: a second call while one runs rejects with
 * `POS_BUSY`. `drivenBy` tells who starts the charge: `kiosk` (ECR17, ZVT, nexo) or `gateway` (pagopa.md 2.2 C), where
 * `charge` only waits for the gateway's word.
 */
export interface CardTerminal extends Device {
  readonly drivenBy: 'kiosk' | 'gateway';
  readonly terminalId: string;
  /** Asks whether the terminal can take a payment now. */
  status(): Promise<{ readonly operative: boolean; readonly detail: string }>;
  /**
   * Charges `reference.amountCents`. Never throws once bytes of the payment may have left: every break is `uncertain`.
   * `beforeMoney` is awaited just before the first byte of the payment command is written (the journal's fsync).
   */
  charge(
    reference: ChargeReference,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void; readonly signal?: AbortSignal },
  ): Promise<ChargeResult>;
  lastTransaction(): Promise<LastTransaction>;
  /** Asks the terminal about a charge whose answer was lost and matches by STAN, amount and time. */
  recover(reference: ChargeReference): Promise<RecoveryVerdict>;
  /** Gives the money back on the same card, before the same terminal. */
  reverse(
    card: CardEvidence,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void },
  ): Promise<ChargeResult>;
  totals(): Promise<PosTotals>;
  closeSession(): Promise<PosTotals>;
}
