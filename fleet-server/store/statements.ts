import type { SqliteDatabase } from 'kysely';

/** More than the server has; beyond it (lists of changing length) the oldest goes. */
const MOST_STATEMENTS = 256;

/**
 * A database that keeps its prepared statements: the server asks the same few dozen questions all day, and reading SQL is
 * a third of the cost of a small query. Not for queries read row by row while others run: a statement runs once at a time.
 */
export function keepingStatements(
  database: SqliteDatabase,
  most: number = MOST_STATEMENTS,
): Required<Pick<SqliteDatabase, 'close' | 'prepare'>> {
  type Statement = ReturnType<SqliteDatabase['prepare']>;
  const kept = new Map<string, Statement>();
  return {
    prepare: (sql) => {
      const known = kept.get(sql);
      if (known) return known;
      const statement = database.prepare(sql);
      kept.set(sql, statement);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return statement;
    },
    close: () => {
      kept.clear();
      database.close();
    },
  };
}
