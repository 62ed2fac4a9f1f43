import type { DeviceReport } from '@jolly/contracts/fleet-api';

/** A card that nobody took: the reader works, and the staff have something to do there. */
export const withCardLeft = (report: DeviceReport, left: boolean): DeviceReport =>
  report.role === 'card' && left
    ? {
        ...report,
        state: report.state === 'ready' || report.state === 'busy' ? 'degraded' : report.state,
        reasons: ['card-left', ...report.reasons].slice(0, 20),
      }
    : report;
