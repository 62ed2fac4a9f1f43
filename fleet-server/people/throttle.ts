import { createHash } from 'node:crypto';
import type { Clock } from '@jolly/contracts/values';
import { CENTRE } from '../audit/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import type { PeopleTables } from './tables.ts';

const MINUTE_MS = 60_000;
const LONGEST_MS = 15 * MINUTE_MS;
const FORGOTTEN_MS = 60 * MINUTE_MS;

/** Failures that are let pass: of an account from one address, of an account from anywhere, from one address whatever the account. */
const FREE = { pair: 5, account: 20, address: 30 } as const;
type Counted = keyof typeof FREE;

export interface Throttle {
  /**
   * Counts a try before it is made, so that a hundred at once are a hundred. Throws TOO_MANY_REQUESTS while it is shut. Without
   * an address (everybody's, behind a proxy) only the account counts.
   */
  take(account: string, address: string | undefined): Promise<Try>;
  forgetOld(): Promise<void>;
}

export interface Try {
  /** Whether one more failure shuts the account for a while. */
  readonly last: boolean;
  /** It was right: what counted against the account and the pair is forgotten. */
  right(): Promise<void>;
  /** It was neither right nor wrong. */
  undone(): Promise<void>;
}

/** Slows down who guesses: known and unknown accounts alike, in the store, so that a restart or another replica opens nothing. */
export function openThrottle(store: Store, clock: Clock): Throttle {
  const db = () => store.of<PeopleTables>();
  const forget = async (keys: readonly string[]) => {
    await db()
      .deleteFrom('sign_in_try')
      .where('tenant_id', '=', CENTRE)
      .where('counted', 'in', keys)
      .execute();
  };
  const giveBack = async (keys: readonly string[]) => {
    await db()
      .updateTable('sign_in_try')
      .set((row) => ({ failures: row('failures', '-', 1), blocked_until: 0 }))
      .where('tenant_id', '=', CENTRE)
      .where('counted', 'in', keys)
      .execute();
  };
  return {
    async take(account, address) {
      const keys: Partial<Record<Counted, string>> = {
        account: keyOf('account', account),
        ...(address === undefined
          ? {}
          : { pair: keyOf('pair', account, address), address: keyOf('address', address) }),
      };
      const now = clock.now();
      let last = false;
      await store.transaction(async (tx) => {
        const table = tx.of<PeopleTables>();
        for (const kind of ['pair', 'account', 'address'] as const) {
          const counted = keys[kind];
          if (counted === undefined) continue;
          const row = await table
            .selectFrom('sign_in_try')
            .selectAll()
            .where('tenant_id', '=', CENTRE)
            .where('counted', '=', counted)
            .executeTakeFirst();
          if (row && Number(row.blocked_until) > now) throw fail('TOO_MANY_REQUESTS');
          const failures = (row && now - Number(row.last_at) < FORGOTTEN_MS ? row.failures : 0) + 1;
          const over = failures - FREE[kind];
          const wait = over < 0 ? 0 : Math.min(LONGEST_MS, MINUTE_MS * 2 ** Math.min(over, 10));
          if (over === 0) last = true;
          const values = { failures, last_at: now, blocked_until: wait === 0 ? 0 : now + wait };
          await table
            .insertInto('sign_in_try')
            .values({ tenant_id: CENTRE, counted, ...values })
            .onConflict((conflict) => conflict.columns(['tenant_id', 'counted']).doUpdateSet(values))
            .execute();
        }
      });
      return {
        last,
        right: async () => {
          await forget([keys.pair, keys.account].filter((each) => each !== undefined));
          if (keys.address !== undefined) await giveBack([keys.address]);
        },
        undone: () => giveBack(Object.values(keys)),
      };
    },
    async forgetOld() {
      await db()
        .deleteFrom('sign_in_try')
        .where('last_at', '<', clock.now() - FORGOTTEN_MS)
        .execute();
    },
  };
}

function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
