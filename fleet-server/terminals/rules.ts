import type { DeviceReport, TerminalReport, TerminalRow } from '@jolly/contracts/fleet-api';

/** A terminal that has not reported for this long is offline. */
export const OFFLINE_AFTER_MS = 90_000;

export interface Standing {
  readonly state: TerminalRow['state'];
  readonly reason?: string;
}

const DOWN: ReadonlySet<DeviceReport['state']> = new Set(['unavailable', 'fault']);

/** What a terminal's last report and its age say: the worst thing first. */
export function standingOf(
  last: { readonly report: TerminalReport; readonly receivedAt: number } | undefined,
  now: number,
): Standing {
  if (!last || now - last.receivedAt > OFFLINE_AFTER_MS) return { state: 'stopped', reason: 'offline' };
  return standingOfReport(last.report);
}

export function standingOfReport(report: TerminalReport): Standing {
  const device = (role: DeviceReport['role']) => report.devices.find((found) => found.role === role);
  const pos = device('pos');
  const printer = device('printer');
  const barcode = device('barcode');
  if (pos && DOWN.has(pos.state)) return { state: 'stopped', reason: 'pos-unavailable' };
  const [limitation] = report.limitations;
  if (printer?.state === 'out-of-paper') return { state: 'attention', reason: 'printer-paper-out' };
  if (printer && (DOWN.has(printer.state) || printer.state === 'jam' || printer.state === 'cover-open')) {
    return { state: 'attention', reason: 'printer-unavailable' };
  }
  if (barcode && DOWN.has(barcode.state)) return { state: 'attention', reason: 'barcode-unavailable' };
  if (limitation !== undefined) return { state: 'attention', reason: limitation };
  // a citizen's card waits for its owner, and for somebody who takes it into custody
  if (device('card')?.reasons.includes('card-left')) return { state: 'attention', reason: 'card-left' };
  const degraded = report.devices.find((found) => found.state === 'degraded');
  if (degraded) return { state: 'attention', reason: degraded.reasons[0] ?? `${degraded.role}-degraded` };
  return { state: 'in-service' };
}
