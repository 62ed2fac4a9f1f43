import type { Overview } from '@jolly/contracts/fleet-api';
import { boundsOfDay, dayOf } from '../calendar/index.ts';
import type { OperatorDesk } from '../operator/index.ts';
import { collectedBetween, countPendingOutcomes, healthSince } from '../payments/index.ts';
import { type FleetSources, fleetPage } from './fleet.ts';

const DAY_MS = 86_400_000;
/** The overview names the worst terminals; the others are pages of the fleet. */
const WORST = 50;

export interface OverviewOptions extends Omit<FleetSources, 'openAlertsOf'> {
  readonly operator: OperatorDesk;
}

/** The console's first page in one answer: as small for 15,000 terminals as for one. */
export async function overviewOf(options: OverviewOptions, tenantId: string): Promise<Overview> {
  const { store, clock, operator } = options;
  const now = clock.now();
  const zone = options.timeZoneOf(tenantId);
  const day = dayOf(now, zone);
  const paid = await collectedBetween(store, { tenantId, ...boundsOfDay(day, zone) });
  const { states, waits } = await healthSince(store, tenantId, now - DAY_MS);
  const p95 = waits.toSorted((one, other) => one - other)[Math.ceil(waits.length * 0.95) - 1];
  // alerts have a list of their own
  const openAlertsOf = async () => new Map<string, number>();
  const worst = await fleetPage({ ...options, openAlertsOf }, tenantId, { limit: WORST });
  return {
    at: now,
    day,
    terminals: worst.rows.map(({ terminalId, site, state, reason, lastSeenAt, software, paymentsToday }) => ({
      terminalId,
      site,
      state,
      reason,
      lastSeenAt,
      software,
      paymentsToday,
    })),
    paymentsToday: paid.length,
    collectedTodayCents: paid.reduce((total, { amountCents }) => total + amountCents, 0),
    pendingOutcomes: await countPendingOutcomes(store, tenantId),
    openItems: await operator.countOpen(tenantId),
    states,
    ...(p95 === undefined ? {} : { outcomeP95Ms: p95 }),
  };
}
