import type { OperatorDesk } from '../operator/index.ts';
import { countPendingOutcomes } from '../payments/index.ts';
import type { Store } from '../store/index.ts';

/** What waits in all municipalities together. */
export async function depthOfQueues(
  store: Store,
  operator: OperatorDesk,
  tenantIds: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const sum = async (count: (tenantId: string) => Promise<number>) =>
    (await Promise.all(tenantIds.map(count))).reduce((one, other) => one + other, 0);
  return {
    outcomes: await sum((tenantId) => countPendingOutcomes(store, tenantId)),
    'operator-items': await sum((tenantId) => operator.countOpen(tenantId)),
  };
}
