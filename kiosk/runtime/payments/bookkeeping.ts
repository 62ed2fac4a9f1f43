import { CardEvidence, type PosDay } from '@jolly/contracts/fleet-api';
import { NoticeKey } from '@jolly/contracts/notice';
import { isJollyError } from '@jolly/contracts/values';
import type { CardTerminal, LastTransaction } from '@jolly/drivers/pos';
import { z } from 'zod';
import type { Journal, JournalReader, Json, StoredPayment } from '../journal/index.ts';
import { type Payment, STATES } from './saga/index.ts';

/** The parts of a stored payment on which recovery rests; the rest is taken as it was written. */
const StoredShape = z.looseObject({
  id: z.string(),
  notice: NoticeKey,
  state: z.enum(STATES),
  openedAt: z.number(),
  facts: z.int(),
  card: CardEvidence.optional(),
  reversal: CardEvidence.optional(),
  paper: z.looseObject({ given: z.boolean() }),
});

/** A payment as its last step left it. Throws a ZodError when the row is not one: better no start than a wrong one. */
export function paymentOf(stored: StoredPayment): Payment {
  return StoredShape.parse(stored.data) as unknown as Payment;
}

/** Payments that the last run of the software left open, oldest first. */
export function restore(journal: JournalReader): readonly Payment[] {
  return journal.payments({ openOnly: true }).map(paymentOf).reverse();
}

/**
 * The terminal's last transaction at start. One that no payment of ours explains (first start, a manual sale) is noted
 * and nothing else: it may belong to anybody.
 */
export function noteUnexplained(journal: Journal, last: LastTransaction, firstStart: boolean): void {
  if (last.found !== 'approved') return;
  const { stan } = last.card;
  const recent = journal.payments({ limit: 200 }).map(({ data }) => StoredShape.safeParse(data).data);
  if (recent.some((payment) => payment?.card?.stan === stan || payment?.reversal?.stan === stan)) return;
  if (journal.notes().at(-1)?.event === `pos-unexplained:${stan}`) return;
  if (journal.payments({ openOnly: true, limit: 1 }).length > 0) return;
  journal.note(`pos-unexplained:${stan}`, {
    firstStart,
    amountCents: last.card.amountCents,
    chargedAt: last.card.chargedAt,
    kind: last.kind,
  });
}

const DAY_MS = 86_400_000;

/** How far back a notice with an open question is remembered here; beyond, the node knows. */
const FLAG_MS = DAY_MS;

/**
 * Whether money for this notice may already have moved at this terminal without the node having said so: then it is not
 * taken a second time, whatever the node answers meanwhile (pos.md 1.5, rule 4).
 */
export function isFlagged(journal: JournalReader, notice: NoticeKey, now: number): boolean {
  return journal.paymentsBetween(now - FLAG_MS, now + 1).some((stored) => {
    const payment = StoredShape.safeParse(stored.data).data;
    if (payment?.notice.noticeNumber !== notice.noticeNumber || payment.reversal) return false;
    const unknown = ['CHARGING', 'CHARGE_UNKNOWN', 'MANUAL'].includes(payment.state);
    return unknown || payment.state === 'CHARGED' || payment.state === 'CONFIRMING';
  });
}

/** What the POS answered for each charge and reversal of a day of the place's zone (pagopa.md 7, day's end). */
export function chargesOf(
  journal: JournalReader,
  day: string,
  dayOf: (at: number) => string,
): PosDay['charges'] {
  const noon = Date.parse(`${day}T12:00:00Z`);
  return journal.paymentsBetween(noon - 2 * DAY_MS, noon + 2 * DAY_MS).flatMap((stored) => {
    const payment = StoredShape.safeParse(stored.data).data;
    const kioskPaymentId = stored.paymentId;
    return [
      ...(payment?.card ? [{ kioskPaymentId, kind: 'charge' as const, card: payment.card }] : []),
      ...(payment?.reversal ? [{ kioskPaymentId, kind: 'reversal' as const, card: payment.reversal }] : []),
    ].filter(({ card }) => dayOf(card.chargedAt) === day);
  });
}

/**
 * How many charges a day's letter tells of; undefined when there is no letter. Also of one set aside as unfit: its day was
 * closed at the POS all the same, and is not closed again at each look.
 */
export function chargesTold(body: Json | undefined): number | undefined {
  return z.looseObject({ charges: z.array(z.unknown()) }).safeParse(body).data?.charges.length;
}

type PosFigures = Pick<PosDay, 'posTotalCents' | 'hostTotalCents'> | { readonly failure: string };

const net = (charges: PosDay['charges']): number =>
  charges.reduce(
    (sum, { kind, card }) => sum + (kind === 'charge' ? card.amountCents : -card.amountCents),
    0,
  );

/**
 * The terminal's figures run from close to close. When yesterday is closed after today has begun, today's part is taken
 * out and kept for today, so that each day is compared with its own.
 */
export function splitFigures(
  figures: PosFigures,
  begun: PosDay['charges'],
): { readonly closed: PosFigures; readonly begun?: PosFigures } {
  if (begun.length === 0 || !('posTotalCents' in figures) || figures.posTotalCents === undefined) {
    return { closed: figures };
  }
  const part = net(begun);
  if (part < 0 || figures.posTotalCents < part) return { closed: { failure: 'totals-below-charges' } };
  return { closed: { posTotalCents: figures.posTotalCents - part }, begun: { posTotalCents: part } };
}

/** A day closed more than once: the terminal's figures run from close to close, so they add up. */
export function together(before: PosDay | undefined, now: PosFigures): PosFigures {
  if (before?.posTotalCents === undefined || !('posTotalCents' in now)) return now;
  const host =
    before.hostTotalCents === undefined || now.hostTotalCents === undefined
      ? {}
      : { hostTotalCents: before.hostTotalCents + now.hostTotalCents };
  return { posTotalCents: before.posTotalCents + (now.posTotalCents ?? 0), ...host };
}

/** The terminal's own figures since its last close, or why there are none. Closes its session. */
export async function posFigures(pos: CardTerminal): Promise<PosFigures> {
  try {
    const totals = await pos.totals();
    const closed = await pos.closeSession();
    const host = closed.hostTotalCents ?? totals.hostTotalCents;
    return { posTotalCents: totals.posTotalCents, ...(host === undefined ? {} : { hostTotalCents: host }) };
  } catch (error) {
    return { failure: (isJollyError(error) ? error.code : 'unexpected-error').slice(0, 60) };
  }
}
