import { z } from 'zod';

/** Which money operation the next outcome is for. */
const on = z.enum(['payment', 'reversal', 'any']).default('payment');
/** How many operations it lasts; 0 = until changed. Then the terminal approves again. */
const times = z.int().min(0).max(1_000).default(1);
const ms = (fallback: number) => z.int().min(0).max(600_000).default(fallback);

/**
 * What the panel and tests may ask of the card terminal. Outcomes wait for the next payment (or reversal); conditions hold
 * until they are switched off or `reset`.
 */
export const PosAction = z.discriminatedUnion('action', [
  // outcomes
  z.object({ action: z.literal('approve') }),
  z.object({
    action: z.literal('decline'),
    reason: z
      .string()
      .regex(/^[\x20-\x7a]{1,24}$/)
      .default('CARTA RIFIUTATA'),
    on,
    times,
  }),
  /** The charge is made, the answer is never sent, the link drops. */
  z.object({ action: z.literal('doubtful'), on, times }),
  /** The link drops in the middle of the answer's bytes (charged), or before the host was asked (not charged). */
  z.object({ action: z.literal('lost-answer'), charged: z.boolean().default(true), on, times }),
  /** Progress messages for `ms` before the answer. */
  z.object({ action: z.literal('slow'), ms: ms(20_000), on, times }),
  z.object({ action: z.literal('corrupt-lrc-once'), on, times }),
  z.object({ action: z.literal('duplicate-result'), on, times }),
  z.object({ action: z.literal('answer-before-ack'), on, times }),
  z.object({ action: z.literal('delay-ack'), ms: ms(3_000), on, times }),
  /**
   * Drops the link: 1 command received, 2 ACK sent, 3 waiting for the card, 4 card read, 5 charged, 6 answer sent,
   * 7 answer acknowledged, 8 first receipt message sent. `continues`: the terminal goes on without the kiosk.
   */
  z.object({
    action: z.literal('drop-at-step'),
    step: z.int().min(1).max(8),
    continues: z.boolean().default(false),
    on,
    times,
  }),
  /** The citizen presses the red key while the card is awaited, or at the next payment. */
  z.object({ action: z.literal('cancel-at-terminal') }),
  // conditions
  z.object({ action: z.literal('silent'), enabled: z.boolean().default(true) }),
  z.object({ action: z.literal('nak-all'), enabled: z.boolean().default(true) }),
  z.object({ action: z.literal('not-operative'), status: z.int().min(0).max(6).default(3) }),
  z.object({ action: z.literal('operative') }),
  z.object({ action: z.literal('older-stan-on-g'), enabled: z.boolean().default(true) }),
  /** `each`: every byte a write of its own; `merge`: whatever falls within 30 ms goes as one. */
  z.object({ action: z.literal('split-bytes'), how: z.enum(['each', 'merge', 'off']).default('each') }),
  /** The card does not come by itself: `present-card` brings it. */
  z.object({ action: z.literal('hold-card'), enabled: z.boolean().default(true) }),
  z.object({ action: z.literal('present-card') }),
  z.object({
    action: z.literal('card'),
    type: z.enum(['debit', 'credit', 'other']).default('credit'),
    brand: z.string().max(16).default('MASTERCARD'),
    maskedPan: z
      .string()
      .regex(/^\d{4,6}\*{4,9}\d{4}$/)
      .default('541275******4321'),
    entry: z.enum(['ICC', 'MAG', 'MAN', 'CLM', 'CLI']).default('CLI'),
  }),
  /** Everything as after switching on; ledger, STAN and totals stay. */
  z.object({ action: z.literal('reset') }),
]);
export type PosAction = z.output<typeof PosAction>;

export type NextOutcome = Extract<
  PosAction,
  {
    action:
      | 'approve'
      | 'decline'
      | 'doubtful'
      | 'lost-answer'
      | 'slow'
      | 'corrupt-lrc-once'
      | 'duplicate-result'
      | 'answer-before-ack'
      | 'delay-ack'
      | 'drop-at-step'
      | 'cancel-at-terminal';
  }
>;
export type Card = Omit<Extract<PosAction, { action: 'card' }>, 'action'>;
