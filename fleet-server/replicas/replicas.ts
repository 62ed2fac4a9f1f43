import type { Clock } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Store } from '../store/index.ts';
import { ownerOf, type Sightings, sight } from './ownership.ts';
import type { ReplicaTables } from './tables.ts';

const BEAT_MS = 1_000;
/** Whose line has not changed for so long is dead: its terminals are taken over. */
const ALIVE_MS = 5_000;
const FORGOTTEN_MS = 86_400_000;
const NO_TENANT = '-';

export interface ReplicaParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Pick<FastifyBaseLogger, 'error' | 'info'>;
  /** Of this process; never used again by another. */
  readonly replicaId: string;
}

/** The servers that share one store and one broker, as this one sees them. */
export interface Replicas {
  /** Whether this server acts on what the terminal says. While the others change, two may: that is harmless, and none for long. */
  owns(terminal: { readonly tenantId: string; readonly terminalId: string }): boolean;
  onGained(listener: () => void): void;
  alive(): readonly string[];
  start(): Promise<void>;
  close(): Promise<void>;
}

export function openReplicas({ store, clock, log, replicaId }: ReplicaParts): Replicas {
  const db = () => store.of<ReplicaTables>();
  const listeners: (() => void)[] = [];
  let sightings: Sightings = new Map();
  let alive: readonly string[] = [replicaId];
  let cancel: (() => void) | undefined;
  let beating: Promise<void> = Promise.resolve();
  let open = false;

  const beat = async () => {
    const now = clock.now();
    const line = { started_at: now, beat_at: now };
    await db()
      .insertInto('replica')
      .values({ tenant_id: NO_TENANT, replica_id: replicaId, ...line })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'replica_id']).doUpdateSet({ beat_at: now }))
      .execute();
    const rows = await db().selectFrom('replica').select(['replica_id', 'beat_at']).execute();
    const beats = rows.map((row) => ({ replicaId: row.replica_id, beatAt: row.beat_at }));
    const seen = sight(sightings, beats, clock.monotonic(), ALIVE_MS);
    sightings = seen.sightings;
    const living = seen.alive.includes(replicaId) ? seen.alive : [...seen.alive, replicaId].toSorted();
    if (living.join('\n') === alive.join('\n')) return;
    const fewer = alive.some((id) => !living.includes(id));
    alive = living;
    log.info({ alive: alive.length }, 'servers that share the fleet');
    if (fewer) for (const listener of listeners) listener();
  };

  const next = () => {
    beating = beat().catch((error: unknown) => {
      // the store is away: what is owned stays owned, the others see this server as dead and do the same work too
      log.error({ err: error }, 'this server could not say that it lives');
    });
    void beating.then(() => {
      if (open) cancel = clock.after(BEAT_MS, next);
    });
  };

  return {
    owns: ({ tenantId, terminalId }) => ownerOf(`${tenantId}/${terminalId}`, alive) === replicaId,
    onGained: (listener) => {
      listeners.push(listener);
    },
    alive: () => alive,
    async start() {
      open = true;
      await db()
        .deleteFrom('replica')
        .where('beat_at', '<', clock.now() - FORGOTTEN_MS)
        .execute();
      next();
      await beating;
    },
    async close() {
      open = false;
      cancel?.();
      await beating;
      await db().deleteFrom('replica').where('replica_id', '=', replicaId).execute();
    },
  };
}
