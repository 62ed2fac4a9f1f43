import { z } from 'zod';
import { type Activation, CardEvidence } from '../fleet-api/index.ts';
import { Cents, TerminalId } from '../values/index.ts';

/**
 * What a receipt says (pagopa.md 8): what a PSP's paper copy must contain, and what we add. Nothing of the debtor is
 * in it.
 */
export const ReceiptData = z.object({
  /** Instant of the charge, epoch ms; shown in `timeZone`. */
  paidAt: z.number(),
  /** IANA zone of the place. */
  timeZone: z.string(),
  /** Heading: the municipality and where the terminal stands. */
  city: z.string(),
  site: z.string(),
  kioskId: TerminalId,
  creditorTaxCode: z.string(),
  creditorName: z.string(),
  office: z.string().optional(),
  /** creditorReferenceId. */
  iuv: z.string(),
  noticeNumber: z.string(),
  pspName: z.string(),
  pspTaxCode: z.string(),
  /** "Numero del pagamento". */
  paymentToken: z.string(),
  /** `paymentDescription`: the subject. */
  description: z.string(),
  amountCents: Cents,
  feeCents: Cents,
  totalCents: Cents,
  card: CardEvidence,
  /** Name of the circuit (`VISA`), where the POS tells it. */
  cardBrand: z.string().max(20).optional(),
});
export type ReceiptData = z.infer<typeof ReceiptData>;

/** The receipt of a charge on an activated notice. */
export function receiptDataOf(payment: {
  readonly activation: Activation;
  readonly noticeNumber: string;
  readonly card: CardEvidence;
  readonly cardBrand?: string;
  readonly place: Pick<ReceiptData, 'timeZone' | 'city' | 'site' | 'kioskId'>;
}): ReceiptData {
  const { activation, card } = payment;
  return {
    paidAt: card.chargedAt,
    timeZone: payment.place.timeZone,
    city: payment.place.city,
    site: payment.place.site,
    kioskId: payment.place.kioskId,
    creditorTaxCode: activation.creditorTaxCode,
    creditorName: activation.creditorName,
    ...(activation.office === undefined ? {} : { office: activation.office }),
    iuv: activation.iuv,
    noticeNumber: payment.noticeNumber,
    pspName: activation.pspName,
    pspTaxCode: activation.pspTaxCode,
    paymentToken: activation.paymentToken,
    description: activation.description,
    amountCents: activation.amountCents,
    feeCents: activation.feeCents,
    totalCents: activation.totalCents,
    card,
    ...(payment.cardBrand === undefined ? {} : { cardBrand: payment.cardBrand }),
  };
}

/** What a slip says when the payment has not been charged for sure: no card data may exist yet. */
export const UncertainData = z.object({
  at: z.number(),
  timeZone: z.string(),
  city: z.string(),
  site: z.string(),
  kioskId: TerminalId,
  supportCode: z.string(),
  noticeNumber: z.string(),
  description: z.string().optional(),
  totalCents: Cents,
  stan: z.string().optional(),
});
export type UncertainData = z.infer<typeof UncertainData>;
