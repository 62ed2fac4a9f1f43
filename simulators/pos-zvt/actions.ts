import { z } from 'zod';

/** Which money operation the next outcome is for. */
const on = z.enum(['payment', 'reversal', 'any']).default('payment');
/** How many operations it lasts; 0 = until changed. Then the terminal approves again. */
const times = z.int().min(0).max(1_000).default(1);
const ms = (fallback: number) => z.int().min(0).max(600_000).default(fallback);
const code = z.int().min(1).max(255);

/**
 * What the panel and tests may ask of the ZVT terminal; names are those of the ECR17 one where they mean the same. Outcomes wait
 * for the next payment (or reversal); conditions hold until they are switched off or `reset`.
 */
export const ZvtAction = z.discriminatedUnion('action', [
  // outcomes
  z.object({ action: z.literal('approve') }),
  z.object({
    action: z.literal('decline'),
    reason: z.string().max(40).default('CARTA RIFIUTATA'),
    code: code.default(0x05),
    on,
    times,
  }),
  /** The charge is stored, the completion is never sent, the link drops. */
  z.object({ action: z.literal('doubtful'), on, times }),
  /**
   * The link drops in the middle of the result's bytes. The terminal then takes the charge back, as the protocol wants;
   * `charged`: one that stores it all the same.
   */
  z.object({ action: z.literal('lost-answer'), charged: z.boolean().default(true), on, times }),
  /** Intermediate status for `ms` before the result. */
  z.object({ action: z.literal('slow'), ms: ms(20_000), on, times }),
  /** The first frame of the result has a wrong check value (serial lines only). */
  z.object({ action: z.literal('corrupt-crc-once'), on, times }),
  z.object({ action: z.literal('duplicate-result'), on, times }),
  /** The result comes without the 80 00 before it. */
  z.object({ action: z.literal('answer-before-ack'), on, times }),
  z.object({ action: z.literal('delay-ack'), ms: ms(3_000), on, times }),
  /** Approved, confirmed, then given up because of its printer: taken back. */
  z.object({ action: z.literal('abort-after-approval'), on, times }),
  /**
   * Drops the link: 1 command received, 2 80 00 sent, 3 waiting for the card, 4 card read, 5 approved by the host, 6 result sent,
   * 7 result confirmed, 8 receipts confirmed (and the charge stored). `continues`: the terminal goes on without the kiosk.
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
  /** Every transaction is answered with 84 and this code. */
  z.object({ action: z.literal('refuse-all'), enabled: z.boolean().default(true), code: code.default(0x9a) }),
  /** Its own printer has no paper: transactions end with CC before anything is done. */
  z.object({ action: z.literal('no-paper'), enabled: z.boolean().default(true) }),
  /** The status byte that it answers; F0: a day must be closed. */
  z.object({ action: z.literal('not-operative'), status: code.default(0xf0) }),
  z.object({ action: z.literal('operative') }),
  /** The repeated receipt is of the transaction before the last. */
  z.object({ action: z.literal('older-on-repeat'), enabled: z.boolean().default(true) }),
  /** It does not know the command that repeats a receipt. */
  z.object({ action: z.literal('no-repeat'), enabled: z.boolean().default(true) }),
  /** What it took back by itself is its last transaction. */
  z.object({ action: z.literal('tell-auto-reversal'), enabled: z.boolean().default(true) }),
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
      .regex(/^\*{8,15}\d{4}$/)
      .default('************4321'),
    entry: z.enum(['ICC', 'MAG', 'CLI']).default('CLI'),
  }),
  /** Everything as after switching on; ledger, numbers and totals stay. */
  z.object({ action: z.literal('reset') }),
]);
export type ZvtAction = z.output<typeof ZvtAction>;

type Named<Name extends ZvtAction['action']> = Extract<ZvtAction, { action: Name }>;

export type NextOutcome = Named<
  | 'approve'
  | 'decline'
  | 'doubtful'
  | 'lost-answer'
  | 'slow'
  | 'corrupt-crc-once'
  | 'duplicate-result'
  | 'answer-before-ack'
  | 'delay-ack'
  | 'abort-after-approval'
  | 'drop-at-step'
  | 'cancel-at-terminal'
>;
export type Card = Omit<Named<'card'>, 'action'>;
