import type { Reported } from '@jolly/contracts/fleet-link';
import type { Tables } from '../store/index.ts';
import { endOf } from './forecast.ts';
import type { Terminal } from './records.ts';
import type { AlertTables } from './tables.ts';

const EVERY_MS = 3_600_000;
const LOOK_BACK_MS = 21 * 86_400_000;

export interface Forecast {
  readonly role: string;
  readonly name: string;
  readonly left?: number;
  readonly endsAt: number;
}

/** Keeps what consumables say, at most once an hour each; a refill counts at once. */
export async function keepConsumables(
  tx: Tables,
  { tenantId, terminalId }: Terminal,
  now: Reported,
  before: Reported | undefined,
  at: number,
): Promise<void> {
  for (const { role, name, left, used } of now.consumables) {
    const last = before?.consumables.find((each) => each.role === role && each.name === name);
    const refilled = left !== undefined && last?.left !== undefined && left > last.left;
    // the hour's first and last are one row: the newest of the hour stands
    const slot = refilled ? at : Math.floor(at / EVERY_MS) * EVERY_MS;
    const values = { left_share: left ?? null, used: used ?? null };
    await tx
      .of<AlertTables>()
      .insertInto('consumable_sample')
      .values({ tenant_id: tenantId, terminal_id: terminalId, role, name, at: slot, ...values })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'terminal_id', 'role', 'name', 'at']).doUpdateSet(values),
      )
      .execute();
  }
}

/** When what a terminal uses up will be gone, as far as the last three weeks say. */
export async function forecastsOf(
  db: Tables,
  { tenantId, terminalId }: Terminal,
  now: number,
): Promise<Forecast[]> {
  const rows = await db
    .of<AlertTables>()
    .selectFrom('consumable_sample')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .where('at', '>', now - LOOK_BACK_MS)
    .orderBy('at')
    .execute();
  const kinds = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = `${row.role}/${row.name}`;
    kinds.set(key, [...(kinds.get(key) ?? []), row]);
  }
  return [...kinds.values()].flatMap((samples) => {
    const last = samples.at(-1);
    const endsAt = endOf(
      samples.map((row) => ({ at: row.at, left: row.left_share ?? undefined, used: row.used ?? undefined })),
      now,
    );
    if (!last || endsAt === undefined) return [];
    const { role, name, left_share: left } = last;
    return [{ role, name, ...(left === null ? {} : { left }), endsAt }];
  });
}

/** Forgets samples that no forecast looks at. */
export async function forgetSamples(db: Tables, now: number): Promise<void> {
  await db
    .of<AlertTables>()
    .deleteFrom('consumable_sample')
    .where('at', '<', now - 2 * LOOK_BACK_MS)
    .execute();
}
