import type { Clock } from '@jolly/contracts/values';
import type { LinkTables } from '../link/index.ts';
import type { Store, Transaction } from '../store/index.ts';
import type { TelemetryTables } from '../telemetry/index.ts';
import type { TerminalTables } from '../terminals/index.ts';
import { addUp, HOUR_MS, storeHours } from './hours.ts';
import { keptMs, type RetentionSettings } from './settings.ts';
import type { RollUpTables } from './tables.ts';

const DAY_MS = 24 * HOUR_MS;
const MONTH_MS = 30.44 * DAY_MS;
/** Rows in one transaction: others wait for it. */
const SLICE = 1_000;
/** Work of one call: terminals and people come between. */
const CALL_MS = 5_000;
/** Terminals are walked through once in this time. */
const EVERY_MS = HOUR_MS;

export interface Retention {
  /** Takes away what has had its time, a few slices at a time; called again, it goes on. */
  tidy(): Promise<void>;
}

interface Place {
  readonly tenantId: string;
  readonly terminalId: string;
}

/**
 * Rows are added up and taken away in one transaction: after a crash each is either still there or counted. Where the walk is, is
 * not remembered: begun again, it finds nothing where it was.
 */
export function openRetention(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: RetentionSettings;
}): Retention {
  const { store, clock, settings } = parts;
  let after: Place | undefined;
  let walkedAt = Number.NEGATIVE_INFINITY;

  const walk = async (goOn: () => boolean) => {
    if (!after && clock.monotonic() - walkedAt < EVERY_MS) return;
    if (!after) walkedAt = clock.monotonic();
    while (goOn()) {
      const place = await nextPlace(store, after);
      if (!place) {
        after = undefined;
        return;
      }
      const now = clock.now();
      while ((await rollUp(store, place, now, now - keptMs(settings, 'telemetry'))) && goOn());
      while ((await forgetEntries(store, place, now, now - keptMs(settings, 'event'))) && goOn());
      await store
        .of<TerminalTables>()
        .deleteFrom('terminal_change')
        .where('tenant_id', '=', place.tenantId)
        .where('terminal_id', '=', place.terminalId)
        .where('at', '<', now - settings.timelineDays * DAY_MS)
        .execute();
      if (goOn()) after = place;
    }
  };

  return {
    async tidy() {
      const end = clock.monotonic() + CALL_MS;
      const goOn = () => clock.monotonic() < end;
      const past = clock.now() - settings.rollupMonths * MONTH_MS;
      while ((await forgetHours(store, past)) && goOn());
      while ((await forgetUsage(store, past)) && goOn());
      await walk(goOn);
    },
  };
}

/** The next terminal that has entries: by a step along the key, not by reading all. */
async function nextPlace(store: Store, after: Place | undefined): Promise<Place | undefined> {
  const db = store.of<LinkTables>();
  const first = () =>
    db
      .selectFrom('link_entry')
      .select(['tenant_id', 'terminal_id'])
      .orderBy('tenant_id')
      .orderBy('terminal_id')
      .limit(1);
  const row = after
    ? ((await first()
        .where('tenant_id', '=', after.tenantId)
        .where('terminal_id', '>', after.terminalId)
        .executeTakeFirst()) ?? (await first().where('tenant_id', '>', after.tenantId).executeTakeFirst()))
    : await first().executeTakeFirst();
  return row && { tenantId: row.tenant_id, terminalId: row.terminal_id };
}

/** Old by the terminal's clock, or stamped in a future that a wrong clock believed in; and here for long either way. */
function oldOnes(tx: Transaction, { tenantId, terminalId }: Place, now: number, before: number) {
  return tx
    .of<LinkTables>()
    .selectFrom('link_entry')
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .where((eb) => eb.or([eb('at', '<', before), eb('at', '>', now + DAY_MS)]))
    .where('received_at', '<', before)
    .orderBy('at')
    .limit(SLICE);
}

/** One slice of a terminal's telemetry becomes hours. True where there may be more. */
function rollUp(store: Store, place: Place, now: number, before: number): Promise<boolean> {
  return store.transaction(async (tx) => {
    const rows = await oldOnes(tx, place, now, before)
      .select(['entry_id', 'at', 'received_at', 'data'])
      .where('kind', '=', 'telemetry')
      .execute();
    const hours = addUp(rows.map(({ at, received_at: receivedAt, data }) => ({ at, receivedAt, data })));
    await storeHours(tx, place.tenantId, place.terminalId, hours);
    await forget(tx, place, rows);
    return rows.length === SLICE;
  });
}

function forgetEntries(store: Store, place: Place, now: number, before: number): Promise<boolean> {
  return store.transaction(async (tx) => {
    const rows = await oldOnes(tx, place, now, before)
      .select('entry_id')
      .where('kind', '!=', 'telemetry')
      .execute();
    await forget(tx, place, rows);
    return rows.length === SLICE;
  });
}

async function forget(
  tx: Transaction,
  place: Place,
  rows: readonly { readonly entry_id: string }[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 250) {
    const ids = rows.slice(from, from + 250).map((row) => row.entry_id);
    await tx
      .of<LinkTables>()
      .deleteFrom('link_entry')
      .where('tenant_id', '=', place.tenantId)
      .where('terminal_id', '=', place.terminalId)
      .where('entry_id', 'in', ids)
      .execute();
  }
}

function forgetHours(store: Store, before: number): Promise<boolean> {
  return store.transaction(async (tx) => {
    const db = tx.of<RollUpTables>();
    const last = await db
      .selectFrom('telemetry_hour')
      .select('hour')
      .where('hour', '<', before)
      .orderBy('hour')
      .offset(SLICE)
      .limit(1)
      .executeTakeFirst();
    await db
      .deleteFrom('telemetry_hour')
      .where('hour', '<', last?.hour ?? before)
      .execute();
    return last !== undefined;
  });
}

function forgetUsage(store: Store, before: number): Promise<boolean> {
  return store.transaction(async (tx) => {
    const db = tx.of<TelemetryTables>();
    const batches = await db
      .selectFrom('usage_batch')
      .select(['tenant_id', 'terminal_id', 'batch_id'])
      .where('received_at', '<', before)
      .orderBy('received_at')
      .limit(SLICE / 10)
      .execute();
    for (const batch of batches) {
      for (const table of ['usage_event', 'usage_rating', 'usage_batch'] as const) {
        await db
          .deleteFrom(table)
          .where('tenant_id', '=', batch.tenant_id)
          .where('terminal_id', '=', batch.terminal_id)
          .where('batch_id', '=', batch.batch_id)
          .execute();
      }
    }
    return batches.length === SLICE / 10;
  });
}
