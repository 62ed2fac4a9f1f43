import { type Cents, cents } from '@jolly/contracts/values';
import { z } from 'zod';
import type { AuthorisationFacts, CallbackRead } from '../../port.ts';

/**
 * Messages of the POS gateway (pagopa.md 6.1, a draft of 2026-06) and of the creditor's payment options service. All that
 * knows the draft is in this file.
 */

const Amount = z.int().min(1).transform(cents);

export const SessionAnswer = z.object({
  sessionId: z.uuid(),
  terminals: z
    .array(z.object({ id: z.string(), status: z.enum(['AVAILABLE', 'UNAVAILABLE', 'MAINTENANCE']) }))
    .default([]),
});

export const AuthorisationRead = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('OK'), amount: Amount }),
  z.object({
    outcome: z.literal('KO'),
    details: z.array(z.object({ reason: z.string().max(40) })).default([]),
  }),
]);

export const SessionStatus = z.object({ outcome: z.enum(['SUCCESS', 'ERROR', 'ONGOING']) });

const CardDetails = z.object({
  paymentType: z.literal('CARD'),
  details: z.object({
    bin: z.string().regex(/^\d{6,8}$/),
    lastFourDigits: z.string().regex(/^\d{4}$/),
    paymentAuthCode: z.string().min(1).max(10),
    rrn: z.string().length(12),
    brand: z.enum(['VISA', 'MASTERCARD', 'DINERS', 'AMEX', 'MAESTRO']),
  }),
});
const head = {
  terminalId: z.string().length(8),
  timestamp: z.iso.datetime({ offset: true }),
  amount: Amount,
  sessionId: z.uuid(),
};
const Refusal = z.object({ errorDescription: z.string() });

export const Callback = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('AUTHORIZED'), ...head, details: CardDetails }),
  z.object({
    outcome: z.enum(['DECLINED', 'REFUSED', 'CANCELED_BY_USER', 'TIMEOUT']),
    ...head,
    details: Refusal,
  }),
]);

/** Status of one instalment at the creditor; the fields used of the published PaymentOptionsResponse. */
export const PaymentOptions = z.object({
  organizationFiscalCode: z.string().regex(/^\d{11}$/),
  companyName: z.string().max(140).optional(),
  officeName: z.string().max(140).optional(),
  standin: z.boolean().optional(),
  paymentOptions: z.array(
    z.object({
      installments: z.array(
        z.object({
          nav: z.string(),
          amount: Amount,
          description: z.string().max(210).default(''),
          dueDate: z.string().optional(),
          status: z.enum([
            'POI_UNPAID',
            'POI_PAID',
            'POI_EXPIRED_NOT_PAYABLE',
            'POI_EXPIRED_UNPAID',
            'POI_INVALID',
          ]),
        }),
      ),
    }),
  ),
});
export const OptionsError = z.object({
  errorMessage: z.string().default(''),
  appErrorCode: z.string().default(''),
});

export const sessionBody = (of: {
  readonly psp: { readonly id: string; readonly broker: string; readonly channel: string };
  readonly creditorTaxCode: string;
  readonly logicalOffice?: string | undefined;
  readonly workstation?: string | undefined;
}): string =>
  JSON.stringify({
    psp: of.psp,
    creditorInstitution: {
      fiscalCode: of.creditorTaxCode,
      ...(of.logicalOffice === undefined ? {} : { logicalOffice: of.logicalOffice }),
      ...(of.workstation === undefined ? {} : { workstation: of.workstation }),
    },
  });

/** The draft lists `debtPosition` as required and describes `debtPositions`: the one described is sent. */
export const authorisationBody = (facts: AuthorisationFacts): string =>
  JSON.stringify({
    terminalId: facts.posTerminalId,
    debtPositions: [{ type: 'CI_PROVIDED', details: { noticeNumber: facts.notice.noticeNumber } }],
  });

const debitBrands: readonly string[] = ['MAESTRO'];

/** What the platform says of the card. Words of the PSP are kept short: they are for the technician. */
export function readCallback(body: unknown): CallbackRead {
  const parsed = Callback.safeParse(body);
  if (!parsed.success) return { ok: false };
  const said = parsed.data;
  const at = Date.parse(said.timestamp);
  const base = {
    ok: true as const,
    sessionId: said.sessionId,
    posTerminalId: said.terminalId,
    amountCents: said.amount,
    at,
  };
  if (said.outcome === 'AUTHORIZED') {
    return { ...base, outcome: { kind: 'approved', card: cardOf(said, at) } };
  }
  const reason = `${said.outcome}: ${said.details.errorDescription}`.slice(0, 120);
  return {
    ...base,
    outcome: { kind: said.outcome === 'CANCELED_BY_USER' ? 'cancelled' : 'declined', reason },
  };
}

function cardOf(said: Extract<z.infer<typeof Callback>, { outcome: 'AUTHORIZED' }>, chargedAt: number) {
  const { bin, lastFourDigits, paymentAuthCode, rrn, brand } = said.details.details;
  return {
    posTerminalId: said.terminalId,
    // The draft gives no STAN: the last six of the reference number stand for it on paper.
    stan: rrn.slice(-6),
    onlineId: rrn,
    authCode: paymentAuthCode,
    maskedPan: `${bin.slice(0, 6)}******${lastFourDigits}`,
    cardType: debitBrands.includes(brand) ? ('debit' as const) : ('other' as const),
    chargedAt,
    amountCents: said.amount as Cents,
  };
}
