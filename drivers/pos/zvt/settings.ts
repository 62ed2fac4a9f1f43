import { posError } from '../errors.ts';
import { type TextEncoding, textEncodings } from './codec/index.ts';

/** Settings of one terminal, from its URI (docs/pos-zvt.md). */
export interface ZvtSettings {
  /** Six digits; the terminal's, often 000000 or 123456. */
  readonly password: string;
  /** Configuration byte of the registration (pos.md 2). */
  readonly config: number;
  /** Service byte (field 03) of the registration; left out when undefined. */
  readonly service: number | undefined;
  /** Field 19 of the authorisation; left out when undefined. */
  readonly paymentType: number | undefined;
  readonly print: 'ecr' | 'pos';
  readonly text: TextEncoding;
  /** Whether message sequence numbers are offered at registration. */
  readonly offerSequence: boolean;
  /** T2: for the confirmation of a serial frame. Milliseconds, as all that follow. */
  readonly ackMs: number;
  /** T3: from a command to `80` or `84`. */
  readonly answerMs: number;
  /** T4: from the last sign of life to the end of a procedure. */
  readonly resultMs: number;
  /** Between harmless status questions while nothing runs; 0 = only when the link comes up. */
  readonly probeMs: number;
  /** The zone of the terminal's clock. */
  readonly timeZone: string;
  /** How far the terminal's clock may be from the kiosk's when a lost answer is matched. */
  readonly clockToleranceMs: number;
  /** From the command on: so long an unchanged last transaction is no proof that nothing was charged. */
  readonly settleMs: number;
}

const PRINTING_BITS = 0x02 | 0x04 | 0x80;

/** Reads them all and names every one that cannot be used. Throws `POS_SETTINGS_INVALID`. */
export function readSettings(settings: URLSearchParams): ZvtSettings {
  const faults: string[] = [];
  const choice = <const T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const given = settings.get(name) ?? fallback;
    const found = allowed.find((value) => value === given);
    if (found === undefined) faults.push(`${name}: one of ${allowed.join(', ')}`);
    return found ?? fallback;
  };
  const byte = (name: string): number | undefined => {
    const given = settings.get(name);
    if (given === null) return undefined;
    if (!/^[0-9a-f]{2}$/i.test(given)) faults.push(`${name}: one byte in hex`);
    return Number.parseInt(given, 16);
  };
  const seconds = (name: string, fallback: number, least: number, most: number): number => {
    const given = settings.get(name) ?? String(fallback);
    const value = /^\d{1,5}(\.\d{1,3})?$/.test(given) ? Number(given) : Number.NaN;
    if (!(value >= least && value <= most)) faults.push(`${name}: seconds, ${least} to ${most}`);
    return value * 1_000;
  };
  const password = (): string => {
    const given = settings.get('password') ?? '000000';
    if (!/^\d{6}$/.test(given)) faults.push('password: six digits');
    return given;
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
  const print = choice('print', ['ecr', 'pos'], 'ecr');
  const read: ZvtSettings = {
    password: password(),
    config: byte('config') ?? (print === 'ecr' ? 0xbe : 0xbe & ~PRINTING_BITS),
    service: byte('svc'),
    paymentType: byte('payment-type'),
    print,
    text: choice('text', textEncodings, 'auto'),
    offerSequence: choice('sequence', ['off', 'offer'], 'off') === 'offer',
    ackMs: seconds('ack-timeout', 5, 0.05, 30),
    answerMs: seconds('answer-timeout', 5, 0.05, 30),
    resultMs: seconds('result-timeout', 180, 0.2, 900),
    probeMs: seconds('probe', 30, 0, 3_600),
    timeZone: zone(),
    clockToleranceMs: seconds('clock-tolerance', 900, 60, 7_200),
    settleMs: seconds('settle', 90, 0, 600),
  };
  if (faults.length > 0) throw posError('POS_SETTINGS_INVALID', { faults: faults.join('; ') });
  return read;
}
