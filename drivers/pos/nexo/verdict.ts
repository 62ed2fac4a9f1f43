import type { CardEvidence } from '@jolly/contracts/fleet-api';
import { cents } from '@jolly/contracts/values';
import { maskPan } from '../masked-pan.ts';
import {
  type ChargeReference,
  type ChargeResult,
  type LastTransaction,
  type PosTotals,
  type RecoveryVerdict,
  TIME_NOT_TOLD,
} from '../port.ts';
import {
  type PaymentResponse,
  type Response,
  type ReversalResponse,
  type TotalsResponse,
  type TransactionStatusResponse,
  toCents,
} from './codec/index.ts';

/** What is known besides the answer. */
export interface Known {
  readonly poiId: string;
  readonly amountCents: number;
  readonly now: number;
}

const clean = (text: string | undefined, most: number): string | undefined =>
  text?.trim().slice(-most) || undefined;

/**
 * The last twelve letters and digits of the terminal's name of a transaction: what stands for the STAN where a protocol has none.
 * The end is the part that changes.
 */
export const shortReference = (reference: string): string =>
  reference.replace(/[^A-Za-z0-9]/g, '').slice(-12);

const DEBIT = /maestro|vpay|v pay|bancomat|electron|debit/i;
const CREDIT = /^(mc|visa|amex|diners|discover|jcb|cup)|mastercard|credit/i;
const ENTRIES: Readonly<Record<string, string>> = {
  ICC: 'ICC',
  SynchronousICC: 'ICC',
  Contactless: 'CLI',
  Tapped: 'CLI',
  MagStripe: 'MAG',
  Keyed: 'MAN',
  Manual: 'MAN',
};

type Poi = PaymentResponse['POIData'];

function toldTime(poi: Poi): number | undefined {
  const at = Date.parse(poi?.POITransactionID?.TimeStamp ?? '');
  return Number.isFinite(at) ? at : undefined;
}

function identityOf(poi: Poi, now: number): Pick<CardEvidence, 'stan' | 'posReference' | 'chargedAt'> {
  const id = poi?.POITransactionID;
  return {
    stan: id ? shortReference(id.TransactionID) : '',
    ...(id && id.TransactionID.length <= 60 && { posReference: id.TransactionID }),
    chargedAt: toldTime(poi) ?? now,
  };
}

/** What an approved payment proves. The amount asked stands in where the answer names none: the ServiceID ties them. */
function evidenceOf(answer: PaymentResponse, known: Known): CardEvidence {
  const result = answer.PaymentResult;
  const card = result?.PaymentInstrumentData?.CardData;
  const acquirer = result?.PaymentAcquirerData;
  const authorised = result?.AmountsResp?.AuthorizedAmount;
  const brand = card?.PaymentBrand ?? '';
  const maskedPan = card?.MaskedPAN && maskPan(card.MaskedPAN.replaceAll(' ', ''));
  const entry = ENTRIES[card?.EntryMode?.[0] ?? ''];
  const onlineId = clean(acquirer?.AcquirerTransactionID?.TransactionID, 12);
  const authCode = clean(acquirer?.ApprovalCode, 12);
  const acquirerId = clean(acquirer?.AcquirerID, 20);
  return {
    posTerminalId: known.poiId.slice(-20),
    ...identityOf(answer.POIData, known.now),
    ...(onlineId && { onlineId }),
    ...(authCode && { authCode }),
    ...(acquirerId && { acquirerId }),
    ...(maskedPan && { maskedPan }),
    ...(entry && { entry }),
    cardType: DEBIT.test(brand) ? 'debit' : CREDIT.test(brand) ? 'credit' : 'other',
    amountCents: cents((authorised === undefined ? undefined : toCents(authorised)) ?? known.amountCents),
  };
}

/** How a failure is to be understood. What is in none of these lists is not known to have charged nothing. */
const CANCELLED = new Set(['Aborted', 'Cancel']);
const REFUSED = new Set(['Refusal', 'InvalidCard', 'WrongPIN', 'PaymentRestriction']);
const NOTHING_DONE = new Set([
  ...['Busy', 'DeviceOut', 'InsertedCard', 'LoggedOut', 'MessageFormat', 'NotAllowed', 'NotFound'],
  ...['UnavailableDevice', 'UnavailableService', 'UnreachableHost'],
]);

const reasonOf = ({ ErrorCondition, AdditionalResponse }: Response): string => {
  // Some makes write a form here; only its message is for people.
  const message = AdditionalResponse && (new URLSearchParams(AdditionalResponse).get('message') ?? undefined);
  const words = message && /^[\w .,:'-]{1,60}$/.test(message) ? message : undefined;
  return words ?? ErrorCondition ?? 'failure';
};

function judgeFailure(response: Response): ChargeResult {
  const condition = response.ErrorCondition ?? '';
  const reason = reasonOf(response);
  if (CANCELLED.has(condition)) return { outcome: 'cancelled', reason };
  if (REFUSED.has(condition)) return { outcome: 'declined', reason };
  if (NOTHING_DONE.has(condition)) return { outcome: 'not-started', reason: condition };
  return { outcome: 'uncertain', reason: condition || 'failure-without-condition' };
}

/** What the answer to a payment of `known.amountCents` means. */
export function judgePayment(answer: PaymentResponse, known: Known): ChargeResult {
  if (answer.Response.Result === 'Failure') return judgeFailure(answer.Response);
  const authorised = answer.PaymentResult?.AmountsResp?.AuthorizedAmount;
  if (authorised === undefined && answer.Response.Result === 'Partial')
    return { outcome: 'uncertain', reason: 'partial' };
  if (authorised !== undefined && toCents(authorised) !== known.amountCents)
    return { outcome: 'uncertain', reason: `amount-differs:${authorised}` };
  if (!answer.POIData?.POITransactionID) return { outcome: 'uncertain', reason: 'no-transaction-id' };
  return { outcome: 'approved', card: evidenceOf(answer, known) };
}

/** What the answer to the reversal of `card` means. */
export function judgeReversal(answer: ReversalResponse, card: CardEvidence, known: Known): ChargeResult {
  if (answer.Response.Result === 'Failure') return judgeFailure(answer.Response);
  const back = answer.ReversedAmount;
  if (answer.Response.Result === 'Partial' || (back !== undefined && toCents(back) !== card.amountCents))
    return { outcome: 'uncertain', reason: `amount-differs:${back ?? 'partial'}` };
  return { outcome: 'approved', card: reversed(answer, card, known) };
}

function reversed(answer: ReversalResponse, card: CardEvidence, known: Known): CardEvidence {
  const { posReference: _, authCode: __, onlineId: ___, ...same } = card;
  return { ...same, ...identityOf(answer.POIData, known.now) };
}

const repeatedOf = (answer: TransactionStatusResponse) =>
  answer.RepeatedMessageResponse?.RepeatedResponseMessageBody ?? {};

/** The verdict on a charge whose answer was lost, from the terminal's word about its ServiceID. */
export function judgeStatus(
  answer: TransactionStatusResponse,
  reference: ChargeReference,
  at: Known & { readonly settleMs: number },
): RecoveryVerdict {
  const { Result, ErrorCondition } = answer.Response;
  if (Result === 'Failure') {
    switch (ErrorCondition) {
      case 'InProgress':
        return { verdict: 'unreachable', reason: 'in-progress' };
      case 'NotFound':
        // What was written just now may still be on its way.
        return at.now - reference.startedAt < at.settleMs
          ? { verdict: 'unreachable', reason: 'may-still-arrive' }
          : { verdict: 'not-charged', reason: 'never-arrived' };
      case 'Busy':
      case 'UnavailableDevice':
      case 'UnreachableHost':
      case 'LoggedOut':
        return { verdict: 'unreachable', reason: ErrorCondition };
      default:
        return { verdict: 'undecidable', reason: ErrorCondition ?? 'failure-without-condition' };
    }
  }
  const original = repeatedOf(answer).PaymentResponse;
  if (!original) return { verdict: 'undecidable', reason: 'answer-not-repeated' };
  const result = judgePayment(original, at);
  switch (result.outcome) {
    case 'approved':
      return { verdict: 'charged', card: result.card };
    case 'uncertain':
      return { verdict: 'undecidable', reason: result.reason };
    default:
      return { verdict: 'not-charged', reason: result.reason };
  }
}

/** The terminal's last transaction, from its word without a reference. */
export function lastOf(
  answer: TransactionStatusResponse,
  known: Omit<Known, 'amountCents'>,
): LastTransaction {
  const { Result, ErrorCondition } = answer.Response;
  if (Result === 'Failure') {
    if (ErrorCondition === 'InProgress' || ErrorCondition === 'Busy')
      return { found: 'unreachable', reason: ErrorCondition };
    // Nothing yet, or a make that wants a reference: there is no baseline then, and recovery does not need one.
    return { found: 'none' };
  }
  const { PaymentResponse: payment, ReversalResponse: reversal } = repeatedOf(answer);
  if (payment) {
    if (payment.Response.Result === 'Failure') {
      const stan =
        payment.POIData?.POITransactionID && shortReference(payment.POIData.POITransactionID.TransactionID);
      return { found: 'declined', reason: reasonOf(payment.Response), ...(stan && { stan }) };
    }
    const card = evidenceOf(payment, { ...known, amountCents: 0 });
    // A payment of an hour nobody knows must never pass for one of just now.
    return toldTime(payment.POIData) === undefined
      ? { found: 'approved', card: { ...card, chargedAt: TIME_NOT_TOLD }, kind: 'unknown' }
      : { found: 'approved', card, kind: 'payment' };
  }
  if (!reversal) return { found: 'none' };
  if (reversal.Response.Result === 'Failure')
    return { found: 'declined', reason: reasonOf(reversal.Response) };
  const back = reversal.ReversedAmount === undefined ? undefined : toCents(reversal.ReversedAmount);
  return {
    found: 'approved',
    kind: 'reversal',
    card: {
      posTerminalId: known.poiId.slice(-20),
      ...identityOf(reversal.POIData, known.now),
      cardType: 'other',
      amountCents: cents(back ?? 0),
    },
  };
}

/** Which way each kind of total counts; others (declined, failed, reservations) move no money. */
const SIGNS: Readonly<Record<string, 1 | -1>> = { Debit: 1, ReverseCredit: 1, Credit: -1, ReverseDebit: -1 };

/** Charges less what was given back; undefined when an amount is not in whole cents. */
export function totalsOf(answer: TotalsResponse): PosTotals | undefined {
  let posTotalCents = 0;
  for (const { PaymentTotals } of answer.TransactionTotals ?? []) {
    for (const { TransactionType, TransactionAmount } of PaymentTotals ?? []) {
      const amount = toCents(TransactionAmount);
      if (amount === undefined) return undefined;
      posTotalCents += (SIGNS[TransactionType] ?? 0) * amount;
    }
  }
  return { posTotalCents };
}
