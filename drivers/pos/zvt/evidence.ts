import type { CardEvidence } from '@jolly/contracts/fleet-api';
import { cents } from '@jolly/contracts/values';
import { maskPan } from '../masked-pan.ts';
import { fromWallClock, toWallClock } from '../wall-clock.ts';
import { cardKindOf, type StatusInfo } from './codec/index.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/**
 * The terminal's `MMDD` and `HHMMSS` → instant. The year is not sent: of the years around `near`, the one that comes nearest is
 * taken. Undefined when no such day exists or it is not within a day of `near`.
 */
export function terminalInstant(
  { date, time }: Pick<StatusInfo, 'date' | 'time'>,
  near: number,
  timeZone: string,
): number | undefined {
  const match = /^(\d\d)(\d\d) (\d\d)(\d\d)(\d\d)$/.exec(`${date} ${time}`);
  if (!match) return undefined;
  const [month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const thisYear = new Date(toWallClock(near, timeZone)).getUTCFullYear();
  let best: number | undefined;
  for (const year of [thisYear - 1, thisYear, thisYear + 1]) {
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    if (new Date(wall).getUTCDate() !== day) continue;
    const instant = fromWallClock(wall, timeZone);
    if (best === undefined || Math.abs(instant - near) < Math.abs(best - near)) best = instant;
  }
  return best !== undefined && Math.abs(best - near) <= DAY + 2 * HOUR ? best : undefined;
}

const isZero = (digits: string | undefined): boolean => digits === undefined || /^0*$/.test(digits);

/**
 * What names a transaction of this terminal, and so the baseline of `ChargeReference.lastStan`: its trace number (0B); where the
 * terminal gives none, `R` and its receipt number (87); for a closed day `E` and its date and time.
 */
export function nameOfTransaction(info: StatusInfo): string | undefined {
  if (!isZero(info.trace)) return info.trace;
  if (!isZero(info.receipt)) return `R${info.receipt}`;
  return info.totals ? `E${info.date ?? ''}${info.time ?? ''}` : undefined;
}

/** What an approved result proves. `amountCents` stands in where the result carries no amount. */
export function evidenceOf(
  info: StatusInfo,
  known: {
    readonly amountCents: number;
    readonly now: number;
    readonly timeZone: string;
    readonly terminalId: string;
  },
): CardEvidence {
  const maskedPan = info.pan === undefined ? undefined : maskPan(info.pan);
  return {
    posTerminalId: info.terminalId ?? known.terminalId,
    stan: nameOfTransaction(info) ?? '000000',
    ...(!isZero(info.receipt) && { receiptNumber: info.receipt }),
    ...(info.authorisation && { authCode: info.authorisation }),
    ...(maskedPan && { maskedPan }),
    ...(info.technology && { entry: info.technology }),
    cardType: cardKindOf(info.cardType, info.cardName),
    chargedAt: terminalInstant(info, known.now, known.timeZone) ?? known.now,
    amountCents: cents(info.amountCents ?? known.amountCents),
  };
}
