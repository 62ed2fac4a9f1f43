import { describe, expect, it } from 'vitest';
import { allMigrations } from '../schema.ts';
import { openSqliteStore } from '../store/index.ts';
import { nextCounter } from './tables.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 24);

describe('the counter of the IUV', () => {
  it('gives each number once, also in one instant, whatever the clock does', async () => {
    const store = await openSqliteStore(':memory:', allMigrations);
    const next = (now: number, tenant = 'prova', code = '07') =>
      store.transaction((tx) => nextCounter(tx, tenant, code, now));
    const clocks = [NOW, NOW, NOW, NOW - 86_400_000, NOW + 5_000, 0];
    const given: string[] = [];
    for (const now of clocks) given.push(await next(now));
    expect(new Set(given).size).toBe(given.length);
    expect([...given].sort()).toEqual(given);
    for (const counter of given) expect(counter).toMatch(/^\d{13}$/);
    // another body's, and another code's, are counted apart
    expect(await next(NOW, 'altrove')).toBe(given[0]);
    expect(await next(NOW, 'prova', '08')).toBe(given[0]);
    await store.close();
  });

  it('is taken back with the transaction that fails, and not before the clock of an old copy', async () => {
    const store = await openSqliteStore(':memory:', allMigrations);
    const failing = store.transaction(async (tx) => {
      await nextCounter(tx, 'prova', '07', NOW);
      throw new Error('power cut');
    });
    await expect(failing).rejects.toThrow('power cut');
    // an empty store a day later: what was given out yesterday stays behind
    expect(Number(await store.transaction((tx) => nextCounter(tx, 'prova', '07', NOW + 86_400_000)))).toBe(
      NOW + 86_400_000,
    );
    await store.close();
  });
});
