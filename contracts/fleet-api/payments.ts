import { z } from 'zod';
import { NoticeKey } from '../notice/index.ts';
import { Cents, KioskPaymentId } from '../values/index.ts';

/** Classes of pagoPA faults (pagopa.md 4): what the citizen is told depends on these, never on the raw code. */
export const PaymentProblemClass = z.enum([
  'NOTICE_ALREADY_PAID',
  'PAYMENT_ALREADY_IN_PROGRESS',
  'EXPIRED_NOTICE',
  'REVOKED_NOTICE',
  'UNKNOWN_NOTICE',
  'WRONG_NOTICE_DATA',
  'CREDITOR_PROBLEMS',
  'NOTICE_GLITCH',
  'STAMP_NOT_SOLD',
  'UNEXPECTED_ERROR',
  /** The node could not be reached or did not answer in time. */
  'NODE_UNREACHABLE',
]);
export type PaymentProblemClass = z.infer<typeof PaymentProblemClass>;

export const PaymentProblem = z.object({
  class: PaymentProblemClass,
  /** faultCode of the node (or the PAA code found in it): for the technician. */
  faultCode: z.string().max(80).optional(),
  retry: z.enum(['no', 'later', 're-enter']),
});
export type PaymentProblem = z.infer<typeof PaymentProblem>;

export const VerifyRequest = z.object({ kioskPaymentId: KioskPaymentId, notice: NoticeKey });
export type VerifyRequest = z.infer<typeof VerifyRequest>;

export const VerifiedNotice = z.object({
  amountCents: Cents,
  feeCents: Cents,
  description: z.string().max(210),
  creditorTaxCode: z.string(),
  creditorName: z.string().max(140),
  office: z.string().max(140).optional(),
  dueDate: z.iso.date().optional(),
  standIn: z.boolean(),
  /** Who takes the fee, where there is one: named before the consent. */
  pspName: z.string().optional(),
});
export type VerifiedNotice = z.infer<typeof VerifiedNotice>;

export const VerifyResponse = z.discriminatedUnion('result', [
  z.object({ result: z.literal('payable'), notice: VerifiedNotice }),
  z.object({ result: z.literal('refused'), problem: PaymentProblem }),
]);
export type VerifyResponse = z.infer<typeof VerifyResponse>;

export const ActivateRequest = z.object({ notice: NoticeKey, amountCents: Cents });
export type ActivateRequest = z.infer<typeof ActivateRequest>;

export const Activation = z.object({
  paymentToken: z.string().min(1).max(35),
  iuv: z.string().max(35),
  /** What is charged: `totalAmount` of the activation, plus the fee. Nothing else is ever charged. */
  amountCents: Cents,
  feeCents: Cents,
  totalCents: Cents,
  /** Instant (epoch ms, server's clock) at which the token expires. */
  expiresAt: z.number(),
  description: z.string().max(140),
  creditorTaxCode: z.string(),
  creditorName: z.string().max(140),
  office: z.string().max(140).optional(),
  pspName: z.string(),
  pspTaxCode: z.string(),
  beneficiaries: z.int().min(1).max(5),
});
export type Activation = z.infer<typeof Activation>;

export const ActivateResponse = z.discriminatedUnion('result', [
  z.object({ result: z.literal('activated'), activation: Activation }),
  z.object({ result: z.literal('refused'), problem: PaymentProblem }),
]);
export type ActivateResponse = z.infer<typeof ActivateResponse>;

/** What the POS proved about a charge: goes in receipt, outcome and reconciliation. Never more than a masked PAN. */
export const CardEvidence = z.object({
  posTerminalId: z.string().max(20),
  stan: z.string().max(12),
  /** The terminal's receipt number, by which a ZVT terminal finds the payment it shall reverse. */
  receiptNumber: z.string().max(12).optional(),
  onlineId: z.string().max(12).optional(),
  authCode: z.string().max(12).optional(),
  acquirerId: z.string().max(20).optional(),
  /** Masked: at most the first 6…8 and the last 4 digits are digits. */
  maskedPan: z
    .string()
    .max(24)
    .regex(/^\d{0,8}[*x]*\d{0,4}$/i)
    .optional(),
  cardType: z.enum(['debit', 'credit', 'other']),
  entry: z.string().max(8).optional(),
  /** The terminal's own name of the transaction where it has one longer than a STAN (nexo): a reversal asks for it. */
  posReference: z.string().max(60).optional(),
  /** Instant of the host (epoch ms) when it could be told, else of the kiosk's clock. */
  chargedAt: z.number(),
  amountCents: Cents,
});
export type CardEvidence = z.infer<typeof CardEvidence>;

export const OutcomeRequest = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('OK'), card: CardEvidence }),
  z.object({
    outcome: z.literal('KO'),
    reason: z.enum([
      'refused',
      'left',
      'idle',
      'declined',
      'cancelled',
      'device',
      'token-short',
      'recovered',
      'not-sold',
    ]),
  }),
]);
export type OutcomeRequest = z.infer<typeof OutcomeRequest>;

/**
 * Where a payment stands on the server (pagopa.md 7).
 * `instruction` is what the terminal must do now: `reverse` only while the citizen is there, else the server opens an
 * operator item by itself.
 */
export const PaymentState = z.enum([
  'verified',
  'activating',
  'activated',
  'activation-failed',
  'outcome-stored', // committed here, the node has not answered yet
  'confirmed', // SPO OK acknowledged
  'confirmed-late', // PPT_TOKEN_SCADUTO: acquired by the node, verified again until paid; do not reverse
  'cancelled', // SPO KO acknowledged, or its token had expired
  'duplicate', // PPT_PAGAMENTO_DUPLICATO after a charge: give the money back
  'discordant', // a KO had won: give the money back
  'token-unknown', // give the money back, alarm
  'rejected', // SINTASSI, SEMANTICA, AUTORIZZAZIONE after a charge: operator
  'refunded', // money given back, proved by a reversal or by the operator
]);
export type PaymentState = z.infer<typeof PaymentState>;

export const PaymentStatus = z.object({
  kioskPaymentId: KioskPaymentId,
  state: PaymentState,
  instruction: z.enum(['none', 'wait', 'reverse', 'do-not-reverse', 'operator']),
  activation: Activation.optional(),
  faultCode: z.string().optional(),
  /** When the node acknowledged the outcome (epoch ms). */
  acknowledgedAt: z.number().optional(),
});
export type PaymentStatus = z.infer<typeof PaymentStatus>;

/** Answer to an outcome: given only after the server's commit. */
export const OutcomeResponse = z.object({ stored: z.literal(true), status: PaymentStatus });
export type OutcomeResponse = z.infer<typeof OutcomeResponse>;

/** Facts the terminal reports after the act, each stored once by (payment, seq). */
export const PaymentFact = z.discriminatedUnion('fact', [
  z.object({ fact: z.literal('receipt-printed'), duplicate: z.boolean() }),
  z.object({ fact: z.literal('receipt-not-printed'), reason: z.string().max(60) }),
  z.object({ fact: z.literal('provisional-slip-printed') }),
  z.object({ fact: z.literal('charge-reversed'), card: CardEvidence }),
  z.object({ fact: z.literal('reversal-failed'), reason: z.string().max(60) }),
  z.object({ fact: z.literal('charge-unknown'), reason: z.string().max(60), amountCents: Cents }),
  z.object({ fact: z.literal('charge-not-made') }),
  z.object({ fact: z.literal('operator-needed'), reason: z.string().max(60), amountCents: Cents }),
]);
export type PaymentFact = z.infer<typeof PaymentFact>;

export const PaymentFacts = z.object({
  facts: z
    .array(z.object({ seq: z.int().min(0), at: z.number(), fact: PaymentFact }))
    .min(1)
    .max(50),
});
export type PaymentFacts = z.infer<typeof PaymentFacts>;

/** A receipt to be opened once from the citizen's phone, by a random token; its content is that of the paper. */
export const ReceiptLinkResponse = z.object({ url: z.string(), expiresAt: z.number() });
export type ReceiptLinkResponse = z.infer<typeof ReceiptLinkResponse>;

/** The POS's own figures at day's end: totals (T) and close (C), or why they could not be had. */
export const PosDay = z.object({
  /** Day in the place's zone. */
  day: z.iso.date(),
  posTerminalId: z.string().max(20),
  closedAt: z.number(),
  /** Charges less reversals; below zero when more was given back than charged since the last close. */
  posTotalCents: z.int().optional(),
  hostTotalCents: z.int().optional(),
  failure: z.string().max(60).optional(),
  /** What the POS answered for each charge and reversal of the day, from the terminal's journal. */
  charges: z.array(
    z.object({ kioskPaymentId: KioskPaymentId, kind: z.enum(['charge', 'reversal']), card: CardEvidence }),
  ),
});
export type PosDay = z.infer<typeof PosDay>;
