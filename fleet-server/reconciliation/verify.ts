import type { Store } from '../store/index.ts';
import { firstBroken } from './seal.ts';
import type { ReconciliationTables } from './tables.ts';

/** Reads every chain of sealed days again. `broken`: `tenant/terminal day` of the first day that does not hold in each. */
export async function verifySeals(
  store: Store,
): Promise<{ readonly chains: number; readonly broken: readonly string[] }> {
  const db = store.of<ReconciliationTables>();
  const chains = await db.selectFrom('day_seal').select(['tenant_id', 'terminal_id']).distinct().execute();
  const broken: string[] = [];
  for (const { tenant_id, terminal_id } of chains) {
    const rows = await db
      .selectFrom('day_seal')
      .selectAll()
      .where('tenant_id', '=', tenant_id)
      .where('terminal_id', '=', terminal_id)
      .orderBy('seq')
      .execute();
    const day = firstBroken(rows.map((row) => ({ ...row, previousSeal: row.previous_seal })));
    if (day !== undefined) broken.push(`${tenant_id}/${terminal_id} ${day}`);
  }
  return { chains: chains.length, broken };
}
