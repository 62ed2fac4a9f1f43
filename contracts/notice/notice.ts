import { z } from 'zod';

/** Notice number, 18 digits (pagopa.md 1.1). */
export const NoticeNumber = z.string().regex(/^\d{18}$/);
/** Creditor's tax code, 11 digits (pagopa.md 1.2). */
export const CreditorTaxCode = z.string().regex(/^\d{11}$/);

/** What identifies a payable notice: all that the citizen's flow keeps of a scanned code. */
export const NoticeKey = z.object({ noticeNumber: NoticeNumber, creditorTaxCode: CreditorTaxCode });
export type NoticeKey = z.infer<typeof NoticeKey>;

/** Where a notice came from: `qr` and `datamatrix` are scanned, `manual` is typed in two fields. */
export type NoticeKind = 'qr' | 'datamatrix' | 'manual';
