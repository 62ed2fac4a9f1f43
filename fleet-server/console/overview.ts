import type { Overview } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import { boundsOfDay, dayOf } from '../calendar/index.ts';
import type { OperatorDesk } from '../operator/index.ts';
import { chargedBetween, countPendingOutcomes, type Payment, startedSince } from '../payments/index.ts';
import type { Store } from '../store/index.ts';
import { listTerminals } from '../terminals/index.ts';

const DAY_MS = 86_400_000;

export interface OverviewOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly operator: OperatorDesk;
  readonly timeZoneOf: (tenantId: string) => string;
}

/** The console's first page in one answer. */
export async function overviewOf(options: OverviewOptions, tenantId: string): Promise<Overview> {
  const { store, clock, operator } = options;
  const now = clock.now();
  const zone = options.timeZoneOf(tenantId);
  const day = dayOf(now, zone);
  const paid = (await paidBetween(store, tenantId, boundsOfDay(day, zone))).filter(isCollected);
  const recent = await startedSince(store, tenantId, now - DAY_MS);
  const p95 = outcomeP95(recent);
  return {
    at: now,
    day,
    terminals: await listTerminals(options, tenantId, countByTerminal(paid)),
    paymentsToday: paid.length,
    collectedTodayCents: paid.reduce((total, payment) => total + (payment.card?.amountCents ?? 0), 0),
    pendingOutcomes: await countPendingOutcomes(store, tenantId),
    openItems: await operator.countOpen(tenantId),
    states: countStates(recent),
    ...(p95 === undefined ? {} : { outcomeP95Ms: p95 }),
  };
}

/** How many payments each terminal collected today. */
export async function paymentsTodayOf(
  options: OverviewOptions,
  tenantId: string,
): Promise<ReadonlyMap<string, number>> {
  const zone = options.timeZoneOf(tenantId);
  const bounds = boundsOfDay(dayOf(options.clock.now(), zone), zone);
  return countByTerminal((await paidBetween(options.store, tenantId, bounds)).filter(isCollected));
}

function paidBetween(store: Store, tenantId: string, bounds: { readonly from: number; readonly to: number }) {
  return chargedBetween(store, { tenantId, ...bounds });
}

/** Charged, and nothing says that the money went or must go back. */
function isCollected(payment: Payment): boolean {
  return (
    ['outcome-stored', 'confirmed', 'confirmed-late'].includes(payment.state) && payment.card !== undefined
  );
}

function countByTerminal(payments: readonly Payment[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of payments) counts.set(key.terminalId, (counts.get(key.terminalId) ?? 0) + 1);
  return counts;
}

function countStates(payments: readonly Payment[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of payments) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** 95 % of the node's acknowledgements came within this time (ms) of the outcome. */
function outcomeP95(payments: readonly Payment[]): number | undefined {
  const waits = payments
    .filter((payment) => payment.outcome?.outcome === 'OK')
    .flatMap(({ outcomeAt, acknowledgedAt }) =>
      outcomeAt === undefined || acknowledgedAt === undefined ? [] : [acknowledgedAt - outcomeAt],
    )
    .sort((one, other) => one - other);
  return waits[Math.ceil(waits.length * 0.95) - 1];
}
