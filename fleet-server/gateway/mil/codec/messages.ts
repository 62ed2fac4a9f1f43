import { cents } from '@jolly/contracts/values';
import { z } from 'zod';

/** What MIL answers (pagopa.md 5.2). Fields that are not used are let through unread. */

const Cents = z.int().min(1).max(99_999_999_999).transform(cents);
const TaxCode = z.string().regex(/^\d{11}$/);

/** Anything but OK in a 200: classes of pagopa.md 4, by the same names. */
export const KoOutcome = z.enum([
  'NOTICE_GLITCH',
  'WRONG_NOTICE_DATA',
  'CREDITOR_PROBLEMS',
  'PAYMENT_ALREADY_IN_PROGRESS',
  'EXPIRED_NOTICE',
  'REVOKED_NOTICE',
  'NOTICE_ALREADY_PAID',
  'UNKNOWN_NOTICE',
  'UNEXPECTED_ERROR',
]);
export type KoOutcome = z.infer<typeof KoOutcome>;
const Ko = z.object({ outcome: KoOutcome });

export const TokenAnswer = z.object({
  access_token: z.string().min(1).max(8_192),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int().min(1),
});

export const VerifyAnswer = z.union([
  z.object({
    outcome: z.literal('OK'),
    amount: Cents,
    dueDate: z.iso.date().optional(),
    note: z.string().max(210).optional(),
    description: z.string().max(140).optional(),
    company: z.string().max(140).optional(),
    office: z.string().max(140).optional(),
    paTaxCode: TaxCode,
    noticeNumber: z.string().regex(/^\d{18}$/),
  }),
  Ko,
]);

const Transfer = z.object({ paTaxCode: TaxCode, category: z.string().max(1_024) });
export type Transfer = z.infer<typeof Transfer>;

export const ActivateAnswer = z.union([
  // The interface asks for the token only; without amount and creditor nothing can be charged, so they are needed here.
  z.object({
    outcome: z.literal('OK'),
    amount: Cents,
    paTaxCode: TaxCode,
    paymentToken: z.string().min(1).max(35),
    transfers: z.array(Transfer).max(5).default([]),
  }),
  Ko,
]);

export const FeeAnswer = z.object({ fee: Cents });

export const transactionStatuses = [
  'PRE_CLOSE',
  'PENDING',
  'ERROR_ON_CLOSE',
  'CLOSED',
  'ERROR_ON_RESULT',
  'ERROR_ON_PAYMENT',
  'ABORTED',
] as const;
export type TransactionStatus = (typeof transactionStatuses)[number];

export const StatusAnswer = z.object({
  transactionId: z.string(),
  totalAmount: Cents,
  status: z.enum(transactionStatuses),
  notices: z.array(z.object({ paymentToken: z.string() })).max(5),
});

export const ErrorsAnswer = z.object({ errors: z.array(z.string().regex(/^[A-F0-9]{9}$/)).min(1) });

/** The body of a token request: a form (pagopa.md 5.1). */
export const tokenForm = (clientId: string, clientSecret: string): string =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }).toString();

export const activateBody = (idempotencyKey: string, amount: number): string =>
  JSON.stringify({ idempotencyKey, amount });

export const feeBody = (
  paymentMethod: string,
  notice: { readonly amount: number; readonly paTaxCode: string; readonly transfers: readonly Transfer[] },
): string => JSON.stringify({ paymentMethod, notices: [notice] });

/** No fee is no field: MIL takes 1 cent or more, and its interface has no way to say zero. */
export const preCloseBody = (of: {
  readonly paymentToken: string;
  readonly transactionId: string;
  readonly totalAmount: number;
  readonly fee: number;
}): string =>
  JSON.stringify({
    outcome: 'PRE_CLOSE',
    paymentTokens: [of.paymentToken],
    transactionId: of.transactionId,
    totalAmount: of.totalAmount,
    ...(of.fee > 0 ? { fee: of.fee } : {}),
  });

export const abortBody = (paymentToken: string): string =>
  JSON.stringify({ outcome: 'ABORT', paymentTokens: [paymentToken] });

export const closeBody = (
  outcome: 'CLOSE' | 'ERROR_ON_PAYMENT',
  paymentMethod: string,
  paymentTimestamp: string,
): string => JSON.stringify({ outcome, paymentMethod, paymentTimestamp });

/** 32 letters or digits: our payment's id without its dashes, so that it is the same however often it is made. */
export const transactionIdOf = (kioskPaymentId: string): string => kioskPaymentId.replaceAll('-', '');
