import type { Activation } from '@jolly/contracts/fleet-api';
import {
  provisionalSlip,
  receipt,
  receiptDataOf,
  receiptDuplicate,
  reversalSlip,
  type SlipOptions,
  uncertainSlip,
} from '@jolly/contracts/receipt';
import type { Cents } from '@jolly/contracts/values';
import type { PaperDocument } from '@jolly/drivers/printer';
import type { DeskPlace } from './ports.ts';
import type { Payment, Slip } from './saga/index.ts';

export interface SlipInputs {
  readonly payment: Payment;
  /** Texts of the notice: in memory only while the citizen is there. */
  readonly activation: Activation | undefined;
  readonly place: DeskPlace;
  readonly supportCode: string;
  readonly now: number;
  readonly posLines: readonly { readonly text: string; readonly style: string }[];
  readonly language: 'it' | 'en';
  readonly receiptUrl: string | undefined;
}

/** The paper for a slip, or undefined when what it would say is not known here any more. */
export function slipOf(slip: Slip, duplicate: boolean, inputs: SlipInputs): PaperDocument | undefined {
  const { payment, activation, place, supportCode } = inputs;
  const where = { timeZone: place.timeZone, city: place.city, site: place.site, kioskId: place.terminalId };
  const options: SlipOptions & { supportCode: string } = {
    supportCode,
    language: inputs.language,
    posLines: inputs.posLines,
    ...(inputs.receiptUrl ? { qr: { data: inputs.receiptUrl } } : {}),
  };
  if (slip === 'uncertain') {
    return uncertainSlip(
      {
        at: inputs.now,
        ...where,
        supportCode,
        noticeNumber: payment.notice.noticeNumber,
        ...(activation ? { description: activation.description } : {}),
        totalCents: (payment.lock?.totalCents ?? 0) as Cents,
      },
      options,
    );
  }
  if (!activation || !payment.card) return undefined;
  const data = receiptDataOf({
    activation,
    noticeNumber: payment.notice.noticeNumber,
    card: payment.card,
    place: where,
  });
  if (slip === 'receipt') return duplicate ? receiptDuplicate(data, options) : receipt(data, options);
  if (slip === 'provisional') return provisionalSlip(data, options);
  return payment.reversal && reversalSlip(data, payment.reversal, options);
}
