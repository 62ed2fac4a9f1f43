import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { asProblem } from './postgres-faults.ts';

export interface PostgresSettings {
  /** `postgres://user@host:5432/database`, or `postgres://user@/database?host=/run/postgresql`. */
  readonly url: string;
  readonly password?: string;
  /** Connections of this process; two are kept free of the work of terminals. */
  readonly poolSize: number;
  /** After so long a statement, or the wait for a lock, is given up. */
  readonly statementMs: number;
}

const CONNECT_MS = 5_000;
/** A connection that says nothing at all, not even that the statement was given up. */
const SILENCE_MS = 5_000;

/** bigint and numeric come as numbers: times, cents, counts and their sums, all far below 2^53. */
const asNumbers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/** What every connection to this database is opened with. */
export function connectionOf({ url, password }: PostgresSettings): pg.ClientConfig {
  return {
    connectionString: url,
    ...(password === undefined ? {} : { password }),
    application_name: 'jolly-fleet',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: asNumbers,
    // whatever the cluster's own setting: what was answered as stored survives a power cut
    options: '-c synchronous_commit=on -c timezone=UTC',
  };
}

/** `patient`: without limits of time, for migrations. */
export function openPool(
  settings: PostgresSettings,
  lost: (error: Error) => void,
  patient = false,
): Kysely<unknown> {
  const { poolSize, statementMs } = settings;
  const pool = new pg.Pool({
    ...connectionOf(settings),
    max: patient ? 2 : poolSize,
    idleTimeoutMillis: 30_000,
    ...(patient
      ? {}
      : {
          statement_timeout: statementMs,
          idle_in_transaction_session_timeout: 2 * statementMs,
          query_timeout: statementMs + SILENCE_MS,
        }),
  });
  pool.on('error', lost);
  // one that breaks while it is lent says so too, and an error nobody hears would end the process
  pool.on('connect', (client) => client.on('error', lost));
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool: withProblems(pool) }) });
}

/** The pool with errors that have a code of ours. */
function withProblems(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    const query = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
      try {
        return await client.query(text, [...values]);
      } catch (error) {
        throw asProblem(error);
      }
    };
    // the driver's cursors, the other thing that a query may be, are not used
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy),
    };
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        const client = await pool.connect();
        const wrapped = known.get(client) ?? wrap(client);
        known.set(client, wrapped);
        return wrapped;
      } catch (error) {
        throw asProblem(error);
      }
    },
  };
}
