import { z } from 'zod';

/** Which money operation the next outcome is for. */
const on = z.enum(['payment', 'reversal', 'any']).default('payment');
/** How many operations it lasts; 0 = until changed. Then the terminal approves again. */
const times = z.int().min(0).max(1_000).default(1);
const charged = z.boolean().default(true);
const enabled = z.boolean().default(true);

/**
 * What the panel and tests may ask of the nexo terminal: the words of the ECR17 one where they mean the same. Outcomes wait for
 * the next payment (or reversal); conditions hold until they are switched off or `reset`.
 */
export const NexoAction = z.discriminatedUnion('action', [
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
  /** The terminal refuses with this condition, and does nothing. */
  z.object({
    action: z.literal('refuse'),
    condition: z
      .enum([
        'Aborted',
        'Busy',
        'Cancel',
        'DeviceOut',
        'InsertedCard',
        'InvalidCard',
        'LoggedOut',
        'MessageFormat',
        'NotAllowed',
        'PaymentRestriction',
        'Refusal',
        'UnavailableDevice',
        'UnavailableService',
        'UnreachableHost',
        'WrongPIN',
      ])
      .default('UnreachableHost'),
    on,
    times,
  }),
  /** The charge is made, the answer is never sent, the link drops. */
  z.object({ action: z.literal('doubtful'), on, times }),
  /** The link drops in the middle of the answer (charged), or before the host was asked (not charged). */
  z.object({ action: z.literal('lost-answer'), charged, on, times }),
  /** So long until the answer. */
  z.object({ action: z.literal('slow'), ms: z.int().min(0).max(600_000).default(20_000), on, times }),
  /** The answer to the transaction before comes instead, with its ServiceID. The charge is made. */
  z.object({ action: z.literal('duplicate-result'), on, times }),
  /** What comes is no message. */
  z.object({ action: z.literal('malformed'), charged, on, times }),
  /** The web server before the terminal answers with this status. */
  z.object({
    action: z.literal('http-status'),
    status: z.int().min(400).max(599).default(503),
    charged,
    on,
    times,
  }),
  /** The message is rejected as an event, unread. */
  z.object({ action: z.literal('reject'), on, times }),
  /** Less is charged than was asked. */
  z.object({ action: z.literal('partial'), amountCents: z.int().min(1).default(100), on, times }),
  /**
   * Drops the link: 1 message received, 2 waiting for the card, 3 card read, 4 charged, 5 half of the answer sent, 6 answer sent.
   * `continues`: the terminal goes on without the kiosk.
   */
  z.object({
    action: z.literal('drop-at-step'),
    step: z.int().min(1).max(6),
    continues: z.boolean().default(false),
    on,
    times,
  }),
  /** The citizen presses the red key while the card is awaited, or at the next payment. */
  z.object({ action: z.literal('cancel-at-terminal') }),
  // conditions
  z.object({ action: z.literal('silent'), enabled }),
  z.object({ action: z.literal('busy'), enabled }),
  /** Until it is signed on to. */
  z.object({ action: z.literal('logged-out') }),
  z.object({ action: z.literal('not-operative'), status: z.int().min(0).max(6).default(3) }),
  /** The next so many questions about a transaction are answered `InProgress`. */
  z.object({ action: z.literal('in-progress'), times: z.int().min(0).max(1_000).default(1) }),
  /** Every byte of an answer a write of its own. */
  z.object({ action: z.literal('split-bytes'), how: z.enum(['each', 'off']).default('each') }),
  /** The card does not come by itself: `present-card` brings it. */
  z.object({ action: z.literal('hold-card'), enabled }),
  z.object({ action: z.literal('present-card') }),
  z.object({
    action: z.literal('card'),
    brand: z.string().max(16).default('mc'),
    maskedPan: z
      .string()
      .regex(/^\d{4,6}\*{4,9}\d{4}$/)
      .default('541275******4321'),
    entry: z.enum(['ICC', 'Contactless', 'MagStripe', 'Keyed']).default('Contactless'),
  }),
  /** Everything as after switching on; ledger and memory stay. */
  z.object({ action: z.literal('reset') }),
]);
export type NexoAction = z.output<typeof NexoAction>;

type Conditions =
  | 'silent'
  | 'busy'
  | 'logged-out'
  | 'not-operative'
  | 'in-progress'
  | 'split-bytes'
  | 'hold-card'
  | 'present-card'
  | 'card'
  | 'reset';
export type NextOutcome = Exclude<NexoAction, { action: Conditions }>;
export type Card = Omit<Extract<NexoAction, { action: 'card' }>, 'action'>;
