import type { ChargeReference, ChargeResult, LastTransaction, RecoveryVerdict } from '../port.ts';
import type { PaymentAnswer, PosResponse } from './codec/index.ts';
import { evidenceOf, hostInstant } from './evidence.ts';

export interface Judging {
  readonly now: number;
  readonly timeZone: string;
  readonly clockToleranceMs: number;
  /** Longest time between the command and the host's word. */
  readonly resultMs: number;
  /** So long after the command an unchanged last result proves that nothing was charged; before, it may still happen. */
  readonly settleMs: number;
}

/** STANs are compared as numbers: `42` and `000042` are one. */
export const sameStan = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one.replace(/^0+/, '') === other.replace(/^0+/, '');

const noStan = (stan: string) => /^[0 ]*$/.test(stan);

/** The citizen pressed the red key, or presented no card in time: the terminal says so only in words. */
const cancelWords = /ANNULL|ABORT|TEMPO\s+SCADUTO|TIME\s?-?OUT|CANCEL/i;

/** What the direct answer to a payment or reversal of `amountCents` means. */
export function judgeAnswer(answer: PaymentAnswer, amountCents: number, at: Judging): ChargeResult {
  switch (answer.outcome) {
    case 'approved': {
      const charged = answer.hostAmountCents;
      if (charged !== undefined && charged !== null && charged !== amountCents) {
        return { outcome: 'uncertain', reason: `amount-differs:${charged}` };
      }
      return { outcome: 'approved', card: evidenceOf(answer, { amountCents, ...at }) };
    }
    case 'refused': {
      const reason = answer.reason?.trim() || 'refused';
      if (cancelWords.test(reason)) return { outcome: 'cancelled', reason };
      return {
        outcome: 'declined',
        reason,
        ...(answer.actionCode && { actionCode: answer.actionCode }),
        ...(!noStan(answer.stan) && { stan: answer.stan }),
      };
    }
    case 'cardNotPresent':
      return { outcome: 'cancelled', reason: 'card-not-present' };
    case 'unknownTag':
      return { outcome: 'not-started', reason: 'unknown-tag' };
    case 'unknown':
      return { outcome: 'uncertain', reason: `unknown-result:${answer.result}` };
  }
}

/** What the answer to `G` says of the last transaction. An answer without amount (not X or V) counts 0 cents, kind `unknown`. */
export function lastOf(answer: PosResponse, at: Judging): LastTransaction {
  if (answer.kind !== 'payment') return { found: 'unreachable', reason: `other-service:${answer.code}` };
  if (answer.outcome === 'approved') {
    const kinds = { reversal: 'reversal', extended: 'payment', exchange: 'payment' } as const;
    return {
      found: 'approved',
      card: evidenceOf(answer, { amountCents: 0, ...at }),
      kind:
        answer.code === 'E' || answer.code === 'V'
          ? (kinds[answer.form as keyof typeof kinds] ?? 'unknown')
          : 'unknown',
    };
  }
  if (answer.outcome === 'refused' && noStan(answer.stan)) return { found: 'none' };
  return {
    found: 'declined',
    reason: answer.reason?.trim() || `result-${answer.result}`,
    ...(!noStan(answer.stan) && { stan: answer.stan }),
  };
}

const not = (reason: string): RecoveryVerdict => ({ verdict: 'not-charged', reason });
/**
 * The last result is the old one. A terminal that lost its kiosk may still be waiting for the card, and some answer
 * questions meanwhile: only after `settleMs` is silence about our charge a no.
 */
const unchanged = (reference: ChargeReference, at: Judging): RecoveryVerdict =>
  at.now - reference.startedAt < at.settleMs
    ? { verdict: 'unreachable', reason: 'may-still-be-serving' }
    : not('same-stan');
const unclear = (reason: string): RecoveryVerdict => ({ verdict: 'undecidable', reason });

/**
 * Whether the terminal's last transaction is the charge whose answer was lost (pos.md 1.5, rule 3): another STAN than the one
 * journaled before, the same amount by the host's own word, and the host's time within the window. When one of them
 * cannot be told, nobody decides by machine.
 */
export function judgeLast(answer: PosResponse, reference: ChargeReference, at: Judging): RecoveryVerdict {
  if (answer.kind !== 'payment') {
    return 'stan' in answer && answer.stan && sameStan(answer.stan, reference.lastStan)
      ? unchanged(reference, at)
      : unclear(`other-service:${answer.code}`);
  }
  if (sameStan(answer.stan, reference.lastStan)) return unchanged(reference, at);
  if (answer.outcome === 'unknown') return unclear(`unknown-result:${answer.result}`);
  if (answer.outcome !== 'approved') return not(answer.reason?.trim() || `result-${answer.result}`);
  if (answer.form === 'reversal') return unclear('last-is-a-reversal');
  const amount = answer.hostAmountCents;
  if (amount === undefined || amount === null) return unclear('amount-unknown');
  if (amount !== reference.amountCents) return unclear('amount-differs');
  const earliest = reference.startedAt - at.clockToleranceMs;
  const latest = reference.startedAt + at.resultMs + at.clockToleranceMs;
  const charged = hostInstant(answer.hostDateTime ?? '', reference.startedAt, at.timeZone);
  if (charged === undefined) return unclear('host-time-unknown');
  // The host writes whole minutes.
  if (charged + 60_000 < earliest || charged > latest) return unclear('host-time-outside-window');
  return {
    verdict: 'charged',
    card: evidenceOf(answer, { amountCents: amount, ...at, now: reference.startedAt }),
  };
}
