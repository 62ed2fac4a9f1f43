import { Accepted, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import { UsageBatch } from '@jolly/contracts/usage';
import type { Clock } from '@jolly/contracts/values';
import type { Http } from '../http/index.ts';
import { type TerminalIdentity, terminalOf } from '../identity/index.ts';
import { FaultsFound } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { faultsOf } from './rules.ts';
import type { TelemetryTables } from './tables.ts';

/** Stores a batch once by its id, however often it arrives. Throws USAGE_REFUSED with every fault. */
export async function storeUsage(
  store: Store,
  clock: Clock,
  { tenantId, terminalId }: TerminalIdentity,
  batch: UsageBatch,
): Promise<void> {
  const faults = faultsOf(batch, terminalId, clock.now());
  if (faults.length > 0) throw new FaultsFound('USAGE_REFUSED', faults);
  const key = { tenant_id: tenantId, terminal_id: terminalId, batch_id: batch.batchId };
  await store.transaction(async (tx) => {
    const db = tx.of<TelemetryTables>();
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('usage_batch')
      .values({ ...key, seq: batch.seq, received_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return;
    for (const [position, event] of batch.events.entries()) {
      await db
        .insertInto('usage_event')
        .values({
          ...key,
          position,
          ts: Date.parse(event.ts),
          service: event.service,
          step: event.step,
          dur_bucket: event.dur_bucket,
          lang: event.lang,
          a11y: event.a11y ? 1 : 0,
          n: event.n,
        })
        .execute();
    }
    for (const [position, rating] of batch.ratings.entries()) {
      await db
        .insertInto('usage_rating')
        .values({
          ...key,
          position,
          ts: Date.parse(rating.ts),
          service: rating.service,
          lang: rating.lang,
          stars: rating.stars,
          reason: rating.reason ?? null,
        })
        .execute();
    }
  });
}

/** How many batches of a terminal are missing between the first number, 0, and the last that came. */
export async function sequenceGaps(store: Store, terminal: TerminalIdentity): Promise<number> {
  const { last, count } = await store
    .of<TelemetryTables>()
    .selectFrom('usage_batch')
    .select((eb) => [eb.fn.max('seq').as('last'), eb.fn.count('seq').distinct().as('count')])
    .where('tenant_id', '=', terminal.tenantId)
    .where('terminal_id', '=', terminal.terminalId)
    .executeTakeFirstOrThrow();
  return Number(count) === 0 ? 0 : Number(last) + 1 - Number(count);
}

export function usageRoutes(app: Http, store: Store, clock: Clock): void {
  app.post(
    TERMINAL_ROUTES.usage,
    { schema: { body: UsageBatch, response: { 200: Accepted }, tags: ['telemetry'] } },
    async (request) => {
      await storeUsage(store, clock, terminalOf(request), request.body);
      return { accepted: true as const };
    },
  );
}
