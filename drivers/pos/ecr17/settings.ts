import { posError } from '../errors.ts';
import { type LrcMode, lrcModes } from './codec/index.ts';

/** Settings of one terminal, from its URI (docs/pos.md). */
export interface Ecr17Settings {
  readonly lrc: LrcMode | 'auto';
  /** Eight digits; 00000000 is the wildcard. */
  readonly terminalId: string;
  readonly cashRegisterId: string;
  readonly print: 'ecr' | 'pos';
  readonly ackMs: number;
  readonly resultMs: number;
  /** Time between harmless status questions while nothing runs; 0 = only when the link comes up. */
  readonly probeMs: number;
  /** The zone in which the host writes its time. */
  readonly timeZone: string;
  /** How far the host's clock may be from the kiosk's when a lost answer is matched. */
  readonly clockToleranceMs: number;
  /** From the command on: so long an unchanged last result is no proof that nothing was charged. */
  readonly settleMs: number;
}

/** Reads them all and names every one that cannot be used. Throws `POS_SETTINGS_INVALID`. */
export function readSettings(settings: URLSearchParams): Ecr17Settings {
  const faults: string[] = [];
  const choice = <const T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const given = settings.get(name) ?? fallback;
    const found = allowed.find((value) => value === given);
    if (found === undefined) faults.push(`${name}: one of ${allowed.join(', ')}`);
    return found ?? fallback;
  };
  const digits = (name: string, fallback: string): string => {
    const given = settings.get(name) ?? fallback;
    if (!/^\d{1,8}$/.test(given)) faults.push(`${name}: up to eight digits`);
    return given.padStart(8, '0');
  };
  const seconds = (name: string, fallback: number, least: number, most: number): number => {
    const given = settings.get(name) ?? String(fallback);
    const value = /^\d{1,5}(\.\d{1,3})?$/.test(given) ? Number(given) : Number.NaN;
    if (!(value >= least && value <= most)) faults.push(`${name}: seconds, ${least} to ${most}`);
    return value * 1_000;
  };
  const zone = (): string => {
    const given = settings.get('time-zone') ?? 'Europe/Rome';
    try {
      new Intl.DateTimeFormat('en', { timeZone: given });
    } catch (error) {
      faults.push(`time-zone: ${String(error)}`);
    }
    return given;
  };
  const read: Ecr17Settings = {
    lrc: choice('lrc', [...lrcModes, 'auto'], 'auto'),
    terminalId: digits('terminal', '00000000'),
    cashRegisterId: digits('register', '00000001'),
    print: choice('print', ['ecr', 'pos'], 'ecr'),
    ackMs: seconds('ack-timeout', 2, 0.05, 30),
    resultMs: seconds('result-timeout', 150, 0.2, 900),
    probeMs: seconds('probe', 30, 0, 3_600),
    timeZone: zone(),
    clockToleranceMs: seconds('clock-tolerance', 900, 60, 7_200),
    settleMs: seconds('settle', 90, 0, 600),
  };
  if (faults.length > 0) throw posError('POS_SETTINGS_INVALID', { faults: faults.join('; ') });
  return read;
}
