import type { Fault } from '@jolly/contracts/fleet-api';
import type { UsageBatch } from '@jolly/contracts/usage';

const FIVE_MINUTES_MS = 300_000;
/** Late data is accepted up to this age (location-analytics.md 6.1). */
const OLDEST_MS = 30 * 86_400_000;

/** Everything that makes a batch unacceptable: another terminal's counts, a time too exact, too old or still to come. */
export function faultsOf(batch: UsageBatch, terminalId: string, now: number): readonly Fault[] {
  const faults: Fault[] = [];
  for (const list of ['events', 'ratings'] as const) {
    batch[list].forEach(({ kiosk, ts }, index) => {
      const at = Date.parse(ts);
      const path = `${list}.${index}`;
      if (kiosk !== terminalId)
        faults.push({ path: `${path}.kiosk`, message: 'not the terminal that signed' });
      if (at % FIVE_MINUTES_MS !== 0)
        faults.push({ path: `${path}.ts`, message: 'not floored to five minutes' });
      if (at < now - OLDEST_MS) faults.push({ path: `${path}.ts`, message: 'older than 30 days' });
      if (at > now + FIVE_MINUTES_MS) faults.push({ path: `${path}.ts`, message: 'in the future' });
    });
  }
  return faults;
}
