import type { CardEvidence } from '@jolly/contracts/fleet-api';
import { cents } from '@jolly/contracts/values';
import type { PaymentAnswer } from './codec/index.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Making a format takes far longer than using it, and an answer's time asks for it many times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

/** Minutes that the zone is ahead of UTC at that instant. */
function zoneOffset(instant: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return (local - Math.floor(instant / MINUTE) * MINUTE) / MINUTE;
}

/** A wall-clock time in the zone (given as if it were UTC) → instant. */
export function fromWallClock(wall: number, timeZone: string): number {
  const first = wall - zoneOffset(wall, timeZone) * MINUTE;
  return wall - zoneOffset(first, timeZone) * MINUTE;
}

/** Instant → wall-clock time in the zone, given as if it were UTC. */
export const toWallClock = (instant: number, timeZone: string): number =>
  instant + zoneOffset(instant, timeZone) * MINUTE;

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

/** Padding off, and never more than the first six and last four digits, whatever the terminal sent. */
export function maskPan(pan: string): string | undefined {
  const trimmed = pan.trim().replace(/^0+/, '');
  if (!/^[\d*xX]{4,24}$/.test(trimmed)) return undefined;
  if (/^\d{0,6}[*xX]+\d{0,4}$/.test(trimmed)) return trimmed;
  return trimmed.length <= 10
    ? `${'*'.repeat(trimmed.length - 4)}${trimmed.slice(-4)}`
    : `${trimmed.slice(0, 6)}${'*'.repeat(trimmed.length - 10)}${trimmed.slice(-4)}`;
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
