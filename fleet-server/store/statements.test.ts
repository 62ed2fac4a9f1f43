import { describe, expect, it } from 'vitest';
import { keepingStatements } from './statements.ts';

function counting() {
  const prepared: string[] = [];
  let open = true;
  const statement = { reader: true, all: () => [], run: () => ({ changes: 0, lastInsertRowid: 0 }) };
  return {
    prepared,
    isOpen: () => open,
    database: {
      prepare: (sql: string) => {
        prepared.push(sql);
        return { ...statement, iterate: () => [][Symbol.iterator]() };
      },
      close: () => {
        open = false;
      },
    },
  };
}

describe('a database that keeps its statements', () => {
  it('reads the same SQL once', () => {
    const { database, prepared } = counting();
    const keeping = keepingStatements(database);
    expect(keeping.prepare('SELECT 1')).toBe(keeping.prepare('SELECT 1'));
    keeping.prepare('SELECT 2');
    expect(prepared).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it('lets the oldest go, so that changing SQL cannot fill the memory', () => {
    const { database, prepared } = counting();
    const keeping = keepingStatements(database, 2);
    for (const sql of ['a', 'b', 'c', 'b', 'a']) keeping.prepare(sql);
    expect(prepared).toEqual(['a', 'b', 'c', 'a']);
  });

  it('closes what it keeps', () => {
    const { database, isOpen } = counting();
    keepingStatements(database).close();
    expect(isOpen()).toBe(false);
  });
});
