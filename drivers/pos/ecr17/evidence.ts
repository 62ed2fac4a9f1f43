import type { CardEvidence } from '@jolly/contracts/fleet-api';
import { cents } from '@jolly/contracts/values';
import { maskPan } from '../masked-pan.ts';
import { fromWallClock, toWallClock } from '../wall-clock.ts';
import type { PaymentAnswer } from './codec/index.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * `DDDHHMM` → instant. The year is not sent: of the years around `near`, the one that comes nearest is taken, so an answer
 * of 31 December read on 1 January is yesterday's. Undefined when no such day exists or it is not within a day of `near`.
 */
export function hostInstant(text: string, near: number, timeZone: string): number | undefined {
  const match = /^(\d{3})(\d{2})(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [day, hour, minute] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (day < 1 || hour > 23 || minute > 59) return undefined;
  const thisYear = new Date(toWallClock(near, timeZone)).getUTCFullYear();
  let best: number | undefined;
  for (const year of [thisYear - 1, thisYear, thisYear + 1]) {
    const wall = Date.UTC(year, 0, day, hour, minute);
    if (new Date(wall).getUTCFullYear() !== year) continue;
    const instant = fromWallClock(wall, timeZone);
    if (best === undefined || Math.abs(instant - near) < Math.abs(best - near)) best = instant;
  }
  return best !== undefined && Math.abs(best - near) <= DAY + 2 * 60 * MINUTE ? best : undefined;
}

const cardTypes: Readonly<Record<string, CardEvidence['cardType']>> = { '1': 'debit', '2': 'credit' };
const blank = (text: string | null): string | undefined => text?.trim() || undefined;

/** What an approved answer proves. `amountCents` stands in where the answer carries no amount (not X or V). */
export function evidenceOf(
  answer: PaymentAnswer,
  known: { readonly amountCents: number; readonly now: number; readonly timeZone: string },
): CardEvidence {
  const maskedPan = answer.pan === null ? undefined : maskPan(answer.pan);
  const onlineId = blank(answer.onlineId);
  const authCode = blank(answer.authCode);
  const acquirerId = blank(answer.acquirerId);
  const entry = blank(answer.entry);
  return {
    posTerminalId: answer.terminalId,
    stan: answer.stan,
    ...(onlineId && { onlineId }),
    ...(authCode && { authCode }),
    ...(acquirerId && { acquirerId }),
    ...(maskedPan && { maskedPan }),
    ...(entry && { entry }),
    cardType: cardTypes[answer.cardType] ?? 'other',
    chargedAt: hostInstant(answer.hostDateTime ?? '', known.now, known.timeZone) ?? known.now,
    amountCents: cents(answer.hostAmountCents ?? known.amountCents),
  };
}
