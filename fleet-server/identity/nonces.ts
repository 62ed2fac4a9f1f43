import type { Clock } from '@jolly/contracts/values';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import type { IdentityTables } from './tables.ts';

const MOST_AT_ONCE = 500;
const LONGEST_PAUSE_MS = 20;

export interface UsedNonce {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly nonce: string;
  /** The last instant at which the signature could still pass the clock's check. */
  readonly expiresAt: number;
}

/** Remembers which signatures were accepted, for this process and every other one on the same store. */
export interface Nonces {
  /** Throws REPLAYED when this signature was accepted before. */
  use(nonce: UsedNonce): Promise<void>;
}

interface Waiting {
  readonly used: UsedNonce;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const keyOf = (used: { tenantId: string; terminalId: string; nonce: string }) =>
  `${used.tenantId}/${used.terminalId}/${used.nonce}`;

/**
 * Those that come while one write is under way, or in the moment of rest after it, share the next: a thousand terminals that come back
 * at the same time do not wait for a thousand syncs of the disk. The rest is twice as long as the write was: SQLite writes without
 * letting anybody else have a turn, so that nobody could come meanwhile. Who comes alone does not wait.
 */
export function openNonces(store: Store, clock: Pick<Clock, 'monotonic' | 'after'>): Nonces {
  let waiting: Waiting[] = [];
  let writing = false;

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const fresh = await store
        .of<IdentityTables>()
        .insertInto('seen_nonce')
        .values(
          batch.map(({ used }) => ({
            tenant_id: used.tenantId,
            terminal_id: used.terminalId,
            nonce: used.nonce,
            expires_at: used.expiresAt,
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .returning(['tenant_id', 'terminal_id', 'nonce'])
        .execute();
      const left = new Set(
        fresh.map((row) => keyOf({ tenantId: row.tenant_id, terminalId: row.terminal_id, nonce: row.nonce })),
      );
      for (const { used, resolve, reject } of batch) {
        // the same one twice in a batch: the first has it
        if (left.delete(keyOf(used))) resolve();
        else reject(fail('REPLAYED'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const work = async (): Promise<void> => {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      const began = clock.monotonic();
      await write(batch);
      const pause = Math.min(LONGEST_PAUSE_MS, 2 * (clock.monotonic() - began));
      if (pause >= 1) await new Promise<void>((rested) => clock.after(pause, rested));
    }
    writing = false;
  };

  return {
    use: (used) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ used, resolve, reject });
        void work();
      }),
  };
}
