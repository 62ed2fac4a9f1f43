import { z } from 'zod';
import type { AuxDigit } from './digits.ts';
import type { NoticeKey } from './notice.ts';
import type { OtherCode } from './other-codes.ts';

/** What was scanned or typed. Bare text finds its kind by itself (`noticeKindOf`). */
export const NoticeInput = z.union([
  z.string(),
  z.object({ kind: z.enum(['qr', 'datamatrix']), input: z.string() }),
  z.object({
    kind: z.literal('manual'),
    input: z.object({ noticeNumber: z.string(), creditorTaxCode: z.string() }),
  }),
]);
export type NoticeInput = z.infer<typeof NoticeInput>;

/** Why a text is not a payable notice. The first fault found, in the order the fields are read. */
export type RejectReason =
  | 'TOO_LONG'
  | 'TOO_SHORT'
  | 'FIELD_COUNT'
  | 'BAD_IDENTIFIER'
  | 'UNSUPPORTED_VERSION'
  | 'BAD_CODELINE'
  | 'BAD_NOTICE_NUMBER'
  | 'BAD_AUX_DIGIT'
  | 'BAD_CREDITOR_TAX_CODE'
  | 'BAD_AMOUNT';

/** What does not hold in a notice whose structure does. */
export type NoticeDoubt = 'NOTICE_CHECK_DIGIT' | 'CREDITOR_CHECKSUM' | 'AMOUNT_ZERO';

/** A notice taken apart. Digits stay text: leading zeros matter. */
export interface NoticeFields extends NoticeKey {
  /** A hint from the code, in cents. Never charge it: the amount due comes from the verification. */
  readonly amountCents?: number;
  readonly auxDigit: AuxDigit;
  /** Aux 0 only. */
  readonly applicationCode?: string;
  /** Aux 3 only. */
  readonly segregationCode?: string;
  /** `creditorReferenceId` of pagoPA's messages: 15 digits for aux 0, otherwise 17. */
  readonly iuv: string;
  readonly iuvBase: string;
  /** Absent for aux 1. */
  readonly checkDigit?: string;
  /** null for aux 1, which has no check digit. */
  readonly checkDigitOk: boolean | null;
  readonly creditorChecksumOk: boolean;
  /** Postal account of a Data Matrix, 12 digits. */
  readonly postalAccount?: string;
}

/**
 * `accept`: go on to the verification. `warn`: scanned, and a checksum does not hold; go on, the node decides.
 * `retype`: typed, and a checksum does not hold; ask the citizen to check, no call. `reject`: not a payment notice.
 */
export type NoticeReading =
  | ({ readonly decision: 'accept' } & NoticeFields)
  | ({ readonly decision: 'warn' | 'retype'; readonly reasons: readonly NoticeDoubt[] } & NoticeFields)
  | NoticeRejection;

export interface NoticeRejection {
  readonly decision: 'reject';
  readonly reason: RejectReason;
  /** What the code is instead, when it is one that people bring to a counter. */
  readonly seen?: OtherCode;
}
