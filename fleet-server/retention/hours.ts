import { EntryData } from '@jolly/contracts/fleet-link';
import type { Tables, Transaction } from '../store/index.ts';
import type { RollUpTables } from './tables.ts';

export const HOUR_MS = 3_600_000;

/** A measure of one terminal in one hour. */
export interface Hour {
  readonly metric: string;
  readonly hour: number;
  readonly n: number;
  readonly least: number;
  readonly most: number;
  readonly total: number;
}

export interface MeasuredAt {
  readonly at: number;
  readonly receivedAt: number;
  /** JSON of `EntryData`. */
  readonly data: string;
}

/** The hour to which an entry counts: the terminal's, unless its clock is ahead of what can be. */
export function hourOf({ at, receivedAt }: MeasuredAt): number {
  const when = at > receivedAt + HOUR_MS ? receivedAt : at;
  return Math.floor(when / HOUR_MS) * HOUR_MS;
}

/** Adds entries of one terminal up, by measure and hour. What is not telemetry, or not readable, adds nothing. */
export function addUp(entries: readonly MeasuredAt[]): readonly Hour[] {
  const hours = new Map<string, Hour>();
  for (const entry of entries) {
    const hour = hourOf(entry);
    for (const [metric, value] of Object.entries(metricsOf(entry.data))) {
      const key = `${hour} ${metric}`;
      const known = hours.get(key);
      hours.set(key, {
        metric,
        hour,
        n: (known?.n ?? 0) + 1,
        least: Math.min(known?.least ?? value, value),
        most: Math.max(known?.most ?? value, value),
        total: (known?.total ?? 0) + value,
      });
    }
  }
  return [...hours.values()];
}

function metricsOf(data: string): Readonly<Record<string, number>> {
  const read = EntryData.safeParse(parsed(data));
  return read.success && read.data.kind === 'telemetry' ? read.data.metrics : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Adds hours of a terminal to those that are stored. */
export async function storeHours(
  tx: Transaction,
  tenantId: string,
  terminalId: string,
  hours: readonly Hour[],
): Promise<void> {
  for (let from = 0; from < hours.length; from += 100) {
    await tx
      .of<RollUpTables>()
      .insertInto('telemetry_hour')
      .values(
        hours
          .slice(from, from + 100)
          .map((hour) => ({ tenant_id: tenantId, terminal_id: terminalId, ...hour })),
      )
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'terminal_id', 'metric', 'hour']).doUpdateSet((eb) => ({
          n: eb('telemetry_hour.n', '+', eb.ref('excluded.n')),
          total: eb('telemetry_hour.total', '+', eb.ref('excluded.total')),
          least: eb
            .case()
            .when('excluded.least', '<', eb.ref('telemetry_hour.least'))
            .then(eb.ref('excluded.least'))
            .else(eb.ref('telemetry_hour.least'))
            .end(),
          most: eb
            .case()
            .when('excluded.most', '>', eb.ref('telemetry_hour.most'))
            .then(eb.ref('excluded.most'))
            .else(eb.ref('telemetry_hour.most'))
            .end(),
        })),
      )
      .execute();
  }
}

/** The hours of a measure that are no longer kept one by one, oldest first. */
export async function storedHours(
  db: Tables,
  of: { readonly tenantId: string; readonly terminalId: string; readonly metric: string },
  from: number,
  to: number,
): Promise<readonly Hour[]> {
  return db
    .of<RollUpTables>()
    .selectFrom('telemetry_hour')
    .select(['metric', 'hour', 'n', 'least', 'most', 'total'])
    .where('tenant_id', '=', of.tenantId)
    .where('terminal_id', '=', of.terminalId)
    .where('metric', '=', of.metric)
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .orderBy('hour')
    .execute();
}
