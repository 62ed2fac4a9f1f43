import type { Activation, VerifiedNotice } from '@jolly/contracts/fleet-api';
import type {
  Money,
  NoticeView,
  ProblemAction,
  ProblemKind,
  ReceiptPaper,
} from '@jolly/contracts/terminal-channel';
import { cents } from '@jolly/contracts/values';
import type { z } from 'zod';
import type { PaymentScreen } from './port.ts';
import type { DeskPlace } from './ports.ts';
import type { Payment, State } from './saga/index.ts';
import { dayIn, supportCode } from './support-code.ts';

/** What is known only while the citizen is there: texts of the notice, words of the POS, the receipt's address. */
export interface Live {
  readonly verified?: VerifiedNotice;
  readonly activation?: Activation;
  readonly posText?: string;
  readonly receipt?: { readonly url: string; readonly expiresAt: number };
  /** A step could not be written: nothing goes on. */
  readonly halted: boolean;
}

/** Where the money is (screens: the second line of each bad-news page). */
export function moneyOf(payment: Payment): z.infer<typeof Money> {
  switch (payment.state) {
    case 'CHARGING':
    case 'CHARGE_UNKNOWN':
      return 'unknown';
    case 'CHARGED':
    case 'CONFIRMING':
    case 'REFUND_DUE':
    case 'REVERSING':
      return 'charged-registering';
    case 'CONFIRMED':
      return 'charged-registered';
    case 'REFUNDED':
      return 'returned';
    case 'MANUAL':
      return payment.card ? 'refund-by-office' : 'unknown';
    default:
      return 'nothing-charged';
  }
}

/** From the first byte to the POS until its result is known nobody may go. */
export const interruptibleIn = (state: State): boolean =>
  !['ANNOUNCED', 'CHARGING', 'REFUND_DUE', 'REVERSING'].includes(state);

const DAY_MS = 86_400_000;

function noticeView(payment: Payment, live: Live, place: DeskPlace, now: number): NoticeView | undefined {
  const { verified } = live;
  const source = live.activation ?? verified;
  if (!source) return undefined;
  const dueDate = verified?.dueDate;
  const today = Date.parse(dayIn(place.timeZone, now));
  const totalCents = live.activation?.totalCents ?? source.amountCents + source.feeCents;
  return {
    noticeNumber: payment.notice.noticeNumber,
    creditorTaxCode: source.creditorTaxCode,
    creditorName: source.creditorName,
    ...(source.office === undefined ? {} : { office: source.office }),
    description: source.description,
    amountCents: source.amountCents,
    ...(dueDate === undefined
      ? {}
      : { dueDate, daysLeft: Math.round((Date.parse(dueDate) - today) / DAY_MS) }),
    feeCents: source.feeCents,
    // named beside the fee before the consent that it needs
    ...(source.feeCents > 0 && source.pspName !== undefined ? { feeTo: source.pspName } : {}),
    totalCents: cents(totalCents),
  };
}

export function paperOf({ paper, phoneReceipt }: Payment): z.infer<typeof ReceiptPaper> {
  if (paper.state === 'printing') return paper.receipts > 1 ? 'reprinting' : 'printing';
  if (paper.state === 'none') return phoneReceipt ? 'skipped' : 'printing';
  return paper.state;
}

const TRY_AGAIN: ReadonlySet<ProblemKind> = new Set([
  'creditor-unavailable',
  'network-down',
  'notice-in-progress',
  'token-too-short',
]);
const OTHER_NOTICE: ReadonlySet<ProblemKind> = new Set([
  'notice-already-paid',
  'notice-expired',
  'notice-revoked',
  'stamp-not-sold',
]);

/** Ways on, the first being the door. */
function actionsOf(payment: Payment, kind: ProblemKind): readonly z.infer<typeof ProblemAction>[] {
  if (payment.state === 'NOT_CHARGED') return ['retry-card', 'finish', 'help'];
  if (moneyOf(payment) !== 'nothing-charged') return ['finish', 'help'];
  if (kind === 'notice-unknown' || kind === 'notice-wrong-data')
    return ['type-notice', 'another-notice', 'finish'];
  if (OTHER_NOTICE.has(kind)) return ['another-notice', 'finish', 'help'];
  if (TRY_AGAIN.has(kind)) return ['retry', 'finish', 'help'];
  return ['finish', 'help'];
}

type Progress = Extract<PaymentScreen, { name: 'pay-card' }>['progress'];

/** Words in which terminals say that the card is read and the host is being asked. */
const AT_THE_HOST = /AUTORIZ|ELABORA|ATTEND|ONLINE|HOST|COLLEG|INVIO|PIN OK|PROCESS/i;

function progressOf(payment: Payment, live: Live): Progress {
  const text = live.posText === undefined ? {} : { posText: live.posText };
  switch (payment.state) {
    case 'CHARGING': {
      const atHost = live.posText !== undefined && AT_THE_HOST.test(live.posText);
      // ECR17 has no command that stops a payment under way: only the red key of the reader does
      return { step: atHost ? 'authorising' : 'waiting-card', ...text, canCancel: false };
    }
    case 'CHARGE_UNKNOWN':
      return { step: 'authorising', ...text, canCancel: false };
    case 'CHARGED':
    case 'CONFIRMING':
      return { step: 'registering', canCancel: false };
    case 'REFUND_DUE':
    case 'REVERSING':
      return { step: 'waiting-card', ...text, canCancel: false, givingBack: true };
    default:
      return { step: 'sending', canCancel: true };
  }
}

/** The screen of a payment: a function of its durable facts and of what is known while the citizen is there. */
export function screenOf(payment: Payment, live: Live, place: DeskPlace, now: number): PaymentScreen {
  const notice = noticeView(payment, live, place, now);
  const problem = (kind: ProblemKind): PaymentScreen => ({
    name: 'problem',
    kind,
    money: moneyOf(payment),
    ...(notice ? { notice } : {}),
    ...(payment.problem?.reason ? { reason: payment.problem.reason } : {}),
    ...(payment.problem?.bankText ? { bankText: payment.problem.bankText } : {}),
    supportCode: supportCode(place.terminalId, payment.openedAt, place.timeZone, payment.id),
    actions: [...actionsOf(payment, kind)],
    ...(payment.paper.state === 'none' ? {} : { paper: paperOf(payment) }),
    ...(live.receipt ? { receiptUrl: live.receipt.url } : {}),
  });
  if (live.halted) {
    return problem(moneyOf(payment) === 'nothing-charged' ? 'service-unavailable' : 'pos-unknown-outcome');
  }
  if (!notice) return payment.problem ? problem(payment.problem.kind) : { name: 'pay-verifying' };
  switch (payment.state) {
    case 'NEW':
      return { name: 'pay-verifying' };
    case 'VERIFIED':
      return { name: 'pay-check', notice };
    case 'NO_PAPER':
      return { name: 'pay-no-paper', notice };
    case 'ACTIVATING':
      return { name: 'pay-activating', notice };
    case 'FEE_SHOWN':
      return { name: 'pay-changed', notice, previousTotalCents: cents(payment.consentedCents ?? 0) };
    case 'CHARGE_UNKNOWN':
      if (payment.paper.slip === 'uncertain') return problem('pos-unknown-outcome');
      return { name: 'pay-card', notice, progress: progressOf(payment, live) };
    case 'CHARGED':
    case 'CONFIRMING':
      if (payment.late) return problem('outcome-pending');
      return { name: 'pay-card', notice, progress: progressOf(payment, live) };
    case 'CONSENTED':
    case 'ANNOUNCED':
    case 'CHARGING':
    case 'REFUND_DUE':
    case 'REVERSING':
      return { name: 'pay-card', notice, progress: progressOf(payment, live) };
    case 'CONFIRMED':
      return {
        name: 'pay-done',
        notice,
        paper: paperOf(payment),
        ...(live.receipt ? { receiptUrl: live.receipt.url, receiptUntil: live.receipt.expiresAt } : {}),
      };
    case 'CANCELLING':
      if (payment.succeed) return { name: 'pay-activating', notice };
      return problem(payment.problem?.kind ?? 'card-cancelled');
    default:
      return problem(payment.problem?.kind ?? 'card-cancelled');
  }
}
