import { createHash } from 'node:crypto';
import { type Clock, sleep, systemClock } from '@jolly/contracts/values';
import { type Kysely, sql } from 'kysely';
import { AfterCommit } from './after-commit.ts';
import { Lanes } from './lanes.ts';
import { migrateUp } from './migrate.ts';
import { asProblem, faultOf } from './postgres-faults.ts';
import { openPool, type PostgresSettings } from './postgres-pool.ts';
import { PostgresSignals } from './postgres-signals.ts';
import type { NumberedMigration, Store, Transaction } from './store.ts';

/** The one lock: `transaction` has it alone, `concurrently` shares it. The two numbers say nothing but "Jolly". */
const LOCK = sql`19055, 27756`;
/** A restart of PostgreSQL takes about a second: short work is tried over it. */
const PAUSE_MS = [50, 250, 1_000] as const;

export interface PostgresOptions {
  readonly clock?: Clock;
  /** Told of connections that broke; the store makes others by itself. */
  readonly lost?: (error: Error) => void;
}

/** The bare connections, without migrations or limits of time: for the migration tests. */
export function openPostgres(settings: PostgresSettings): Kysely<unknown> {
  return openPool(settings, () => undefined, true);
}

/** Opens a PostgreSQL store and brings its schema up to date; of replicas that start together one does, the others wait. */
export async function openPostgresStore(
  settings: PostgresSettings,
  migrations: readonly NumberedMigration[],
  { clock = systemClock, lost = () => undefined }: PostgresOptions = {},
): Promise<Store> {
  const db = openPool(settings, lost);
  try {
    if (!(await isUpToDate(db, migrations))) await migratePatiently(settings, migrations, lost);
  } catch (error) {
    await db.destroy();
    throw asProblem(error);
  }
  const signals = new PostgresSignals(db, settings, clock, lost);
  await signals.start();
  return storeOver(db, signals, settings.poolSize);
}

/** Migrations may take longer than a statement may, and wait for another replica's. */
async function migratePatiently(
  settings: PostgresSettings,
  migrations: readonly NumberedMigration[],
  lost: (error: Error) => void,
): Promise<void> {
  const patient = openPool(settings, lost, true);
  try {
    await migrateUp(patient, migrations);
  } finally {
    await patient.destroy();
  }
}

/** The quick look of a server that starts again: the usual case asks for no lock. */
async function isUpToDate(db: Kysely<unknown>, migrations: readonly NumberedMigration[]): Promise<boolean> {
  const table = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db);
  if (!table.rows[0]?.there) return false;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const taken = new Set(rows.map(({ name }) => name));
  return taken.size === migrations.length && migrations.every(({ name }) => taken.has(name));
}

/**
 * One transaction of this process holds or awaits the lock at a time, and two connections are never taken by concurrent work: so those
 * who wait for the lock cannot take all connections from who reads.
 */
function storeOver(db: Kysely<unknown>, signals: PostgresSignals, poolSize: number): Store {
  const after = new AfterCommit();
  const alone = new Lanes(1);
  const beside = new Lanes(Math.max(1, poolSize - 2));

  const attempt = async <R>(
    lock: (trx: Kysely<unknown>) => Promise<void>,
    work: (tx: Transaction) => Promise<R>,
  ): Promise<R> => {
    const trx = await db.startTransaction().execute();
    let result: R;
    try {
      await lock(trx);
      result = await work({ of: <T>() => trx as unknown as Kysely<T> } as Transaction);
    } catch (error) {
      // where the connection is gone the database has undone it already, and the first error is the one that tells
      await trx
        .rollback()
        .execute()
        .catch(() => undefined);
      throw error;
    }
    try {
      await trx.commit().execute();
    } catch (error) {
      throw new CommitUnknown(error);
    }
    return result;
  };

  /** Begins again what the database undid by itself. A commit without answer is not repeated here: nobody knows of it. */
  const attempts = async <R>(
    lock: (trx: Kysely<unknown>) => Promise<void>,
    work: (tx: Transaction) => Promise<R>,
  ) => {
    for (let tries = 0; ; tries++) {
      try {
        return await after.run(() => attempt(lock, work));
      } catch (error) {
        if (error instanceof CommitUnknown) throw asProblem(error.cause);
        const fault = faultOf(error);
        const pause = PAUSE_MS[tries];
        if (pause === undefined || (fault !== 'gave-way' && fault !== 'away')) throw asProblem(error);
        await sleep(systemClock, pause);
      }
    }
  };

  return {
    kind: 'postgres',
    of: <T>() => db as unknown as Kysely<T>,
    transaction: (work) =>
      alone.run(() =>
        attempts(async (trx) => {
          await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx);
        }, work),
      ),
    concurrently: (keys, work) => {
      const locks = locksOf(keys);
      return beside.run(() =>
        attempts(async (trx) => {
          await sql`select pg_advisory_xact_lock_shared(${LOCK})`.execute(trx);
          if (locks.length === 0) return;
          await sql`select pg_advisory_xact_lock(k) from unnest(${locks}::bigint[]) as k`.execute(trx);
        }, work),
      );
    },
    afterCommit: after.add,
    signals,
    check: async () => {
      await sql`select 1`.execute(db);
    },
    async close() {
      await signals.close();
      await db.destroy();
    },
  };
}

/** Nobody knows whether it is committed: the caller asks again, and whoever writes knows what it has written before. */
class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('the commit was not answered', { cause });
  }
}

/** The numbers that stand for keys, each once and in order: two that take several never wait for each other. */
export function locksOf(keys: readonly string[]): readonly string[] {
  const numbers = new Set(keys.map((key) => createHash('sha256').update(key).digest().readBigInt64BE()));
  return [...numbers].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0)).map(String);
}
