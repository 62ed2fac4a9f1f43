import { errorsOf, ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Journal, StoredLetter } from '../journal/index.ts';
import { backOff, fitted, Outbox, refusalOf } from './index.ts';

const fail = errorsOf({
  SERVER_UNREACHABLE: { cause: 'no answer', retry: 'later' },
  SERVER_REFUSED: { cause: 'refused', retry: 'no' },
});

/** Only the letters of a journal, in memory. */
function shelf(...letters: readonly (readonly [string, string])[]) {
  let waiting: StoredLetter[] = letters.map(([subject, kind], id) => ({
    id,
    subject,
    kind,
    body: {},
    queuedAt: 0,
  }));
  const settled: [number, string | undefined][] = [];
  const journal = {
    waiting: () => waiting,
    settle: (id: number, refused?: string) => {
      waiting = waiting.filter((letter) => letter.id !== id);
      settled.push([id, refused]);
    },
  } as unknown as Journal;
  return { journal, settled };
}

const flush = () => new Promise(setImmediate);

function outbox(journal: Journal, deliver: (letter: StoredLetter) => Promise<void>) {
  const clock = new ManualClock();
  const refused: string[] = [];
  const box = new Outbox({
    journal,
    clock,
    deliver,
    onRefused: (_letter, code) => refused.push(code),
    log: () => undefined,
  });
  return { box, clock, refused };
}

describe('the outbox', () => {
  it('delivers the letters of a subject in order, one at a time', async () => {
    const { journal, settled } = shelf(['a', 'outcome'], ['a', 'facts'], ['b', 'facts']);
    const seen: string[] = [];
    const { box } = outbox(journal, async ({ subject, kind }) => void seen.push(`${subject} ${kind}`));
    box.wake();
    await flush();
    expect(seen.filter((line) => line.startsWith('a'))).toEqual(['a outcome', 'a facts']);
    expect(settled).toHaveLength(3);
    expect(box.depth).toBe(0);
  });

  it('tries again at 2, 5, 10 and 30 s, then every minute, then every five', async () => {
    const { journal, settled } = shelf(['a', 'outcome']);
    let tries = 0;
    const { box, clock } = outbox(journal, async () => {
      if (++tries < 6) throw fail('SERVER_UNREACHABLE');
    });
    box.wake();
    for (const wait of [2_000, 5_000, 10_000, 30_000, 60_000]) {
      await flush();
      clock.advance(wait - 1);
      await flush();
      const before = tries;
      clock.advance(1);
      await flush();
      expect(tries).toBe(before + 1);
    }
    expect(settled).toEqual([[0, undefined]]);
    expect([6, 14, 15, 500].map(backOff)).toEqual([60_000, 60_000, 300_000, 300_000]);
  });

  it('sets a letter aside that the server refuses for good, and goes on', async () => {
    const { journal, settled } = shelf(['a', 'outcome'], ['a', 'facts']);
    const { box, refused } = outbox(journal, async ({ kind }) => {
      if (kind === 'outcome') throw fail('SERVER_REFUSED', { code: 'PAYMENT_UNKNOWN', status: 404 });
    });
    box.wake();
    await flush();
    expect(refused).toEqual(['PAYMENT_UNKNOWN']);
    expect(settled).toEqual([
      [0, 'PAYMENT_UNKNOWN'],
      [1, undefined],
    ]);
  });

  it('sets a letter aside that does not fit its contract, names the place and no value, and goes on', async () => {
    const { journal, settled } = shelf(['day:a', 'pos-day'], ['day:a', 'pos-day']);
    const clock = new ManualClock();
    const logged: unknown[] = [];
    const box = new Outbox({
      journal,
      clock,
      deliver: async (letter) => {
        if (letter.id === 0) fitted({ ...letter, body: { total: '1,50' } }, z.object({ total: z.int() }));
      },
      onRefused: () => undefined,
      log: (event, detail) => logged.push({ event, ...detail }),
    });
    box.wake();
    await flush();
    expect(settled).toEqual([
      [0, 'LETTER_UNFIT'],
      [1, undefined],
    ]);
    expect(logged).toEqual([
      { event: 'outbox-refused', kind: 'pos-day', code: 'LETTER_UNFIT', faults: 'total: invalid_type' },
    ]);
    expect(box.depth).toBe(0);
  });

  it('keeps a letter that is refused for a reason that may pass', () => {
    for (const code of ['CLOCK_SKEW', 'SIGNATURE_REFUSED', 'REPLAYED', 'TOO_MANY_REQUESTS', 'INTERNAL']) {
      expect(refusalOf(fail('SERVER_REFUSED', { code, status: 401 }))).toBeUndefined();
    }
    // What a proxy without its route, or a server of an older version, says is not said about the letter.
    for (const code of ['HTTP_404', 'HTTP_400', 'HTTP_409', 'NOT_FOUND']) {
      expect(refusalOf(fail('SERVER_REFUSED', { code, status: 404 }))).toBeUndefined();
    }
    expect(refusalOf(fail('SERVER_UNREACHABLE'))).toBeUndefined();
    expect(refusalOf(new Error('a fault of ours'))).toBeUndefined();
    expect(refusalOf(fail('SERVER_REFUSED', { code: 'CHARGE_DIFFERS' }))).toBe('CHARGE_DIFFERS');
  });
});
