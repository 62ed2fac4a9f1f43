import type { Limitation } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import type { LastTransaction } from '@jolly/drivers/pos';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import type { DeskOptions } from './ports.ts';
import type { NotReady, Payment } from './saga/index.ts';

const DEFAULT_MAX_SKEW_MS = 60_000;
/** A printer that is still busy with another slip is not waited for longer: then what was seen last must do. */
const LOOK_MS = 3_000;

/** Whether a slip can come out now. */
export function hasPaper(printer: ReceiptPrinter): boolean {
  const { paper, coverOpen, jam } = printer.paper();
  return (
    ['ready', 'busy', 'degraded'].includes(printer.health().state) && paper !== 'out' && !coverOpen && !jam
  );
}

const clockWrong = ({ fleet, maxClockSkewMs = DEFAULT_MAX_SKEW_MS }: DeskOptions): boolean =>
  fleet.clockSkewMs !== undefined && Math.abs(fleet.clockSkewMs) > maxClockSkewMs;

/** Why payments cannot be taken, or not with paper; worst first. `unresolved`: a charge whose answer was lost. */
export function limitationsOf(options: DeskOptions, unresolved: boolean): readonly Limitation[] {
  const { fleet, pos, printer, journal } = options;
  const found: Limitation[] = [];
  if (!journal.writable) found.push('journal-unwritable');
  if (clockWrong(options)) found.push('clock-wrong');
  if (!fleet.reachable) found.push('payments-offline');
  if (unresolved || !['ready', 'busy', 'degraded'].includes(pos.health().state))
    found.push('pos-unavailable');
  if (printer.health().state === 'out-of-paper' || printer.paper().paper === 'out')
    found.push('printer-paper-out');
  else if (!hasPaper(printer)) found.push('printer-unavailable');
  return found;
}

export type Readiness =
  | { readonly ready: true; readonly lastStan?: string; readonly found: LastTransaction }
  | { readonly ready: false; readonly why: NotReady; readonly detail?: string };

const stanOf = (last: LastTransaction): string | undefined =>
  last.found === 'approved' ? last.card.stan : last.found === 'declined' ? last.stan : undefined;

/** Resolves with `work`, or after `ms` without it. */
function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve);
    work.then(() => resolve(), reject).finally(cancel);
  });
}

/**
 * Everything that must hold before a card is asked for (pagopa.md 3.7 and 7), cheapest first. Ends with the terminal's
 * last transaction: the baseline that tells a recovered answer from an older one (pos.md 1.5).
 */
export async function readyToCharge(
  options: DeskOptions,
  payment: Payment,
  minTokenMs: number,
  unresolved: boolean,
): Promise<Readiness> {
  const { clock, fleet, journal, pos, printer } = options;
  const short = () => (payment.lock?.expiresAt ?? 0) - clock.now() < minTokenMs;
  if (short()) return { ready: false, why: 'token-short' };
  if (fleet.clockSkewMs === undefined || clockWrong(options)) return { ready: false, why: 'clock-wrong' };
  if (!journal.writable && !journal.probe()) return { ready: false, why: 'journal' };
  if (!payment.phoneReceipt) {
    // What was seen last may be seconds old: the roll is asked for now, before the card and not after it.
    await within(clock, LOOK_MS, printer.look());
    if (!hasPaper(printer)) return { ready: false, why: 'no-paper' };
  }
  if (unresolved) return { ready: false, why: 'pos-unavailable', detail: 'earlier-charge-unknown' };
  const status = await pos.status();
  if (!status.operative) return { ready: false, why: 'pos-unavailable', detail: status.detail };
  const found = await pos.lastTransaction();
  if (found.found === 'unreachable') return { ready: false, why: 'pos-unavailable', detail: found.reason };
  if (short()) return { ready: false, why: 'token-short' };
  // Asked last, with nothing between it and the announcement: the citizen may have taken minutes for the consent.
  if (options.doorOpen?.()) return { ready: false, why: 'door-open' };
  const lastStan = stanOf(found);
  return { ready: true, found, ...(lastStan === undefined ? {} : { lastStan }) };
}
