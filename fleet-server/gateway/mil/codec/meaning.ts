import type { PaymentProblem } from '@jolly/contracts/fleet-api';
import type { OutcomeAnswer } from '../../port.ts';
import type { KoOutcome, TransactionStatus } from './messages.ts';

const RETRY: Readonly<Record<KoOutcome, PaymentProblem['retry']>> = {
  NOTICE_ALREADY_PAID: 'no',
  PAYMENT_ALREADY_IN_PROGRESS: 'later',
  EXPIRED_NOTICE: 'no',
  REVOKED_NOTICE: 'no',
  UNKNOWN_NOTICE: 're-enter',
  WRONG_NOTICE_DATA: 're-enter',
  CREDITOR_PROBLEMS: 'later',
  NOTICE_GLITCH: 'no',
  UNEXPECTED_ERROR: 'no',
};

/** What a refusal in a 200 means to the citizen: MIL names the classes of pagopa.md 4 itself. */
export const problemOfOutcome = (outcome: KoOutcome): PaymentProblem => ({
  class: outcome,
  faultCode: `MIL_${outcome}`,
  retry: RETRY[outcome],
});

/** Error codes of modules 008 (payment notice) and 009 (auth), pagopa.md 5.1. */
const ERRORS: Readonly<Record<string, PaymentProblem['class']>> = {
  '008000001': 'WRONG_NOTICE_DATA',
  '008000002': 'WRONG_NOTICE_DATA',
  '008000003': 'WRONG_NOTICE_DATA',
  '00800002B': 'WRONG_NOTICE_DATA',
  '008000024': 'NOTICE_GLITCH',
  '008000028': 'NODE_UNREACHABLE',
  '008000029': 'NODE_UNREACHABLE',
  '008000026': 'NODE_UNREACHABLE',
  '00800002F': 'NODE_UNREACHABLE',
  '008000030': 'NODE_UNREACHABLE',
};

/** What an HTTP error means to the citizen. `codes` may be empty: 401, 403 and 404 carry no body. */
export function problemOfStatus(status: number, codes: readonly string[]): PaymentProblem {
  const [code] = codes;
  const faultCode = code === undefined ? `MIL_HTTP_STATUS ${status}` : `MIL_${code}`;
  // Our client or our terminal is not known there: an operator must see to it.
  if (status === 401 || status === 403 || code?.startsWith('009')) {
    return { class: 'NOTICE_GLITCH', faultCode, retry: 'no' };
  }
  if (status === 404) return { class: 'UNKNOWN_NOTICE', faultCode, retry: 're-enter' };
  const known = code === undefined ? undefined : ERRORS[code];
  const unheard = status === 429 || status >= 500;
  const found = known ?? (unheard ? 'NODE_UNREACHABLE' : 'UNEXPECTED_ERROR');
  if (found === 'NODE_UNREACHABLE') return { class: found, faultCode, retry: 'later' };
  return { class: found, faultCode, retry: found === 'WRONG_NOTICE_DATA' ? 're-enter' : 'no' };
}

/**
 * What the state of a transaction says of our outcome. An error on closing is not explained by MIL: whether the node has
 * the payment, or another one won, cannot be told, so a charge in that state goes to a person and is not reversed.
 */
export function answerOfStatus(
  status: TransactionStatus,
  paid: boolean,
  againInMs: number,
): OutcomeAnswer | 'not-told' {
  switch (status) {
    case 'PRE_CLOSE':
      return 'not-told';
    case 'PENDING':
      return { answer: 'pending', reason: 'MIL_PENDING', againInMs };
    case 'CLOSED':
      return { answer: paid ? 'ok' : 'already-opposite' };
    case 'ERROR_ON_PAYMENT':
    case 'ABORTED':
      return { answer: paid ? 'already-opposite' : 'ok' };
    case 'ERROR_ON_CLOSE':
    case 'ERROR_ON_RESULT':
      // Without a charge there is nothing to settle: the lock ends by itself.
      return paid ? { answer: 'rejected', faultCode: `MIL_${status}` } : { answer: 'token-expired-ko' };
  }
}
