import type { Tables } from '../store/index.ts';
import type { PaymentTables } from './tables.ts';

/** Payments that a terminal began since an instant, and those of them that failed without a word of the notice's own against them. */
export async function failedPayments(
  db: Tables,
  tenantId: string,
  since: number,
): Promise<ReadonlyMap<string, { readonly begun: number; readonly failed: number }>> {
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select((eb) => ['terminal_id', 'state', 'fault_code', eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('started_at', '>', since)
    .groupBy(['terminal_id', 'state', 'fault_code'])
    .execute();
  const found = new Map<string, { begun: number; failed: number }>();
  for (const row of rows) {
    const counts = found.get(row.terminal_id) ?? { begun: 0, failed: 0 };
    counts.begun += Number(row.count);
    const silent = row.state === 'activation-failed' && row.fault_code === null;
    if (silent || row.state === 'rejected' || row.state === 'token-unknown')
      counts.failed += Number(row.count);
    found.set(row.terminal_id, counts);
  }
  return found;
}

/** Outcomes that the node has not taken, by terminal, and since when the oldest of each waits. */
export async function waitingOutcomes(
  db: Tables,
  tenantId: string,
): Promise<ReadonlyMap<string, { readonly outcomes: number; readonly since: number }>> {
  const rows = await db
    .of<PaymentTables>()
    .selectFrom('payment')
    .select((eb) => [
      'terminal_id',
      eb.fn.countAll<number>().as('count'),
      eb.fn.min('outcome_at').as('oldest'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'outcome-stored')
    .groupBy('terminal_id')
    .execute();
  return new Map(
    rows.flatMap((row) =>
      row.oldest === null
        ? []
        : [[row.terminal_id, { outcomes: Number(row.count), since: Number(row.oldest) }]],
    ),
  );
}
