import type { DeviceReport, TerminalStanding } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';

export interface Standing {
  readonly state: TerminalStanding;
  /** Machine word for the worst thing. */
  readonly reason?: string;
}

/** What is known of a terminal. */
export interface Known {
  readonly online: boolean;
  readonly reported: Reported | undefined;
  /** Somebody works at it, and said so. */
  readonly maintenance: boolean;
  /** Its key may have been copied. */
  readonly suspect: boolean;
}

const DOWN: ReadonlySet<DeviceReport['state']> = new Set(['unavailable', 'fault']);

/** How a terminal stands: the worst thing first. */
export function standingOf(known: Known): Standing {
  if (known.maintenance) return { state: 'maintenance' };
  if (!known.online) return { state: 'stopped', reason: 'offline' };
  if (known.suspect) return { state: 'attention', reason: 'key-cloned' };
  if (!known.reported) return { state: 'attention', reason: 'no-report' };
  return standingOfReported(known.reported);
}

export function standingOfReported(reported: Reported): Standing {
  if (reported.mode === 'out-of-service' || reported.mode === 'locked') {
    return { state: 'stopped', reason: reported.mode };
  }
  const device = (role: DeviceReport['role']) => reported.devices.find((found) => found.role === role);
  const pos = device('pos');
  const printer = device('printer');
  const barcode = device('barcode');
  if (pos && DOWN.has(pos.state)) return { state: 'stopped', reason: 'pos-unavailable' };
  const [limitation] = reported.limitations;
  if (printer?.state === 'out-of-paper') return { state: 'attention', reason: 'printer-paper-out' };
  if (printer && (DOWN.has(printer.state) || printer.state === 'jam' || printer.state === 'cover-open')) {
    return { state: 'attention', reason: 'printer-unavailable' };
  }
  if (barcode && DOWN.has(barcode.state)) return { state: 'attention', reason: 'barcode-unavailable' };
  if (limitation !== undefined) return { state: 'attention', reason: limitation };
  // a citizen's card waits for its owner, and for somebody who takes it into custody
  if (device('card')?.reasons.includes('card-left')) return { state: 'attention', reason: 'card-left' };
  const degraded = reported.devices.find((found) => found.state === 'degraded');
  if (degraded) return { state: 'attention', reason: degraded.reasons[0] ?? `${degraded.role}-degraded` };
  if (reported.settings.refused) return { state: 'attention', reason: 'settings-refused' };
  return reported.mode === 'closed' ? { state: 'in-service', reason: 'closed' } : { state: 'in-service' };
}
