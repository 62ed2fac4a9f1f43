import {
  type ChargeReference,
  type ChargeResult,
  type LastTransaction,
  type RecoveryVerdict,
  TIME_NOT_TOLD,
} from '../port.ts';
import { result, resultWord, type StatusInfo } from './codec/index.ts';
import type { ProcedureOutput } from './conversation.ts';
import { evidenceOf, nameOfTransaction, terminalInstant } from './evidence.ts';

export interface Judging {
  readonly now: number;
  readonly timeZone: string;
  readonly terminalId: string;
  readonly clockToleranceMs: number;
  /** Longest time between the command and the host's word. */
  readonly resultMs: number;
  /** So long after the command an unchanged last transaction proves that nothing was charged; before, it may still happen. */
  readonly settleMs: number;
}

/** Numbers are compared without leading zeros: `42` and `000042` are one. */
export const sameName = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one.replace(/^0+/, '') === other.replace(/^0+/, '');

/** With these the terminal says that it did not even begin. */
const notBegun = new Set<number>([
  result.notRegistered,
  result.notSupported,
  result.wait,
  result.notReady,
  0x6f, // currency
  0xc2, // diagnosis needed
  0xcc, // printer
  0xe2, // reader
  0xe4, // activation needed
  0xf0, // end of day open
]);
/** With these it does not say what became of the transaction. */
const unclearCodes = new Set<number>([0x9a, 0xff]);

const uncertain = (reason: string): ChargeResult => ({ outcome: 'uncertain', reason });

/** A transaction that was not approved: by the host, at the terminal, or before it began. */
function refusal(code: number, info: StatusInfo | undefined): ChargeResult {
  const reason = info?.text ?? resultWord(code);
  if (code === result.aborted) return { outcome: 'cancelled', reason };
  if (unclearCodes.has(code)) return uncertain(resultWord(code));
  if (notBegun.has(code)) return { outcome: 'not-started', reason: resultWord(code) };
  const stan = info && nameOfTransaction(info);
  return {
    outcome: 'declined',
    reason,
    actionCode: code.toString(16).padStart(2, '0').toUpperCase(),
    ...(stan !== undefined && { stan }),
  };
}

/** What the end of an authorisation or reversal of `amountCents` means (pos.md 2). */
export function judgeEnd(output: ProcedureOutput, amountCents: number, at: Judging): ChargeResult {
  if (!output.ok) {
    if (output.failure === 'refused')
      return { outcome: 'not-started', reason: `refused:${resultWord(output.code ?? 0)}` };
    if (output.failure === 'nak' || output.failure === 'unsent')
      return { outcome: 'not-started', reason: output.failure };
    return uncertain(failureReason(output));
  }
  const { info, code } = output;
  if (output.contradictory) return uncertain('contradictory-results');
  if (output.ended === 'aborted') {
    // The terminal approved and then gave up: whether it took the charge back, it tells when asked.
    if (info?.resultCode === result.ok) return uncertain('approved-then-aborted');
    const why = code ?? info?.resultCode;
    return why === undefined || why === result.ok ? uncertain('aborted-without-code') : refusal(why, info);
  }
  if (info?.resultCode === undefined) return uncertain('no-result');
  if (info.resultCode !== result.ok) return refusal(info.resultCode, info);
  if (info.amountCents !== undefined && info.amountCents !== amountCents)
    return uncertain(`amount-differs:${info.amountCents}`);
  return { outcome: 'approved', card: evidenceOf(info, { ...at, amountCents }) };
}

export function failureReason(output: Extract<ProcedureOutput, { ok: false }>): string {
  switch (output.failure) {
    case 'lost':
    case 'unsent':
      return `link-down:${output.detail || 'unknown'}`;
    case 'refused':
      return `refused:${resultWord(output.code ?? 0)}`;
    default:
      return output.failure;
  }
}

/** What the repeated receipt says of the last transaction. A closed day has no money of its own: `declined`, with its name. */
export function lastOf(info: StatusInfo, at: Judging): LastTransaction {
  const stan = nameOfTransaction(info);
  const named = stan === undefined ? {} : { stan };
  if (info.totals) return { found: 'declined', reason: 'end-of-day', ...named };
  if (info.resultCode === undefined) return { found: 'unreachable', reason: 'no-result' };
  if (info.resultCode !== result.ok) {
    return { found: 'declined', reason: info.text ?? resultWord(info.resultCode), ...named };
  }
  const card = evidenceOf(info, { ...at, amountCents: 0 });
  if (info.originalTrace !== undefined) return { found: 'approved', card, kind: 'reversal' };
  // A payment of an hour nobody knows must never pass for one of just now.
  if (terminalInstant(info, at.now, at.timeZone) === undefined)
    return { found: 'approved', card: { ...card, chargedAt: TIME_NOT_TOLD }, kind: 'unknown' };
  return { found: 'approved', card, kind: info.amountCents === undefined ? 'unknown' : 'payment' };
}

const not = (reason: string): RecoveryVerdict => ({ verdict: 'not-charged', reason });
const unclear = (reason: string): RecoveryVerdict => ({ verdict: 'undecidable', reason });

/** A terminal that lost its kiosk may still be waiting for the card, and what it tells until then is older than ours. */
const unsettled = (reference: ChargeReference, at: Judging): RecoveryVerdict | undefined =>
  at.now - reference.startedAt < at.settleMs
    ? { verdict: 'unreachable', reason: 'may-still-be-serving' }
    : undefined;

/** The last transaction is the old one: only after `settleMs` is silence about our charge a no. */
export const unchanged = (reference: ChargeReference, at: Judging): RecoveryVerdict =>
  unsettled(reference, at) ?? not('same-transaction');

/** A refusal is ours only with a name of its own and our time: any other may be an older one, and ours still to come. */
function judgeRefused(
  info: StatusInfo,
  code: number,
  reference: ChargeReference,
  at: Judging,
): RecoveryVerdict {
  const early = unsettled(reference, at);
  if (early) return early;
  if (nameOfTransaction(info) === undefined) return unclear('refusal-unnamed');
  const late = timing(info, reference, at);
  return late ? unclear(late) : not(info.text ?? resultWord(code));
}

/** Whether the terminal's clock puts this after the charge began and before it must have ended. */
function timing(info: StatusInfo, reference: ChargeReference, at: Judging): string | undefined {
  const instant = terminalInstant(info, reference.startedAt, at.timeZone);
  if (instant === undefined) return 'time-unknown';
  const earliest = reference.startedAt - at.clockToleranceMs;
  const latest = reference.startedAt + at.resultMs + at.clockToleranceMs;
  return instant < earliest || instant > latest ? 'time-outside-window' : undefined;
}

/**
 * Whether the terminal's last transaction is the charge whose answer was lost (pos.md 1.5, rule 3, and 2): another one than
 * before, the same amount, and a time within the window. When one of them cannot be told, nobody decides by machine.
 */
export function judgeLast(info: StatusInfo, reference: ChargeReference, at: Judging): RecoveryVerdict {
  const name = nameOfTransaction(info);
  if (sameName(name, reference.lastStan)) return unchanged(reference, at);
  if (info.totals) return unclear('last-is-an-end-of-day');
  if (info.resultCode === undefined) return unclear('no-result');
  if (info.resultCode !== result.ok) return judgeRefused(info, info.resultCode, reference, at);
  if (name === undefined) return unclear('transaction-unnamed');
  if (info.amountCents === undefined) return unclear('amount-unknown');
  if (info.amountCents !== reference.amountCents) return unclear('amount-differs');
  const late = timing(info, reference, at);
  if (late) return unclear(late);
  if (info.originalTrace !== undefined) {
    // Not the payment before ours, so ours: taken back because its result was not confirmed.
    return sameName(info.originalTrace, reference.lastStan) || reference.lastStan === undefined
      ? unclear('last-is-a-reversal')
      : not('reversed-by-terminal');
  }
  return {
    verdict: 'charged',
    card: evidenceOf(info, { ...at, now: reference.startedAt, amountCents: info.amountCents }),
  };
}
