import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAnswer, instructionOf, mustGiveBack } from './rules.ts';
import { GIVE_UP_MS, nextActivationAttempt, nextOutcomeAttempt } from './schedule.ts';

describe('what follows from an answer of the node', () => {
  it.each([
    ['ok', 'confirmed', 'none'],
    ['already-same', 'confirmed', 'none'],
    ['token-expired', 'confirmed-late', 'do-not-reverse'],
    ['duplicate', 'duplicate', 'reverse'],
    ['already-opposite', 'discordant', 'reverse'],
    ['token-unknown', 'token-unknown', 'reverse'],
  ] as const)('a charge answered %s is %s: %s', (answer, state, instruction) => {
    expect(afterAnswer('OK', { answer }).state).toBe(state);
    expect(instructionOf(state)).toBe(instruction);
  });

  it.each(['ok', 'already-same', 'token-expired', 'token-expired-ko', 'duplicate', 'token-unknown'] as const)(
    'a cancellation answered %s is cancelled',
    (answer) => expect(afterAnswer('KO', { answer }).state).toBe('cancelled'),
  );

  it('never gives back a late payment, and looks after every charge it does not confirm', () => {
    const answers = [
      'ok',
      'already-same',
      'already-opposite',
      'token-expired',
      'duplicate',
      'token-unknown',
    ] as const;
    for (const answer of answers) {
      const { state, items, lookAfterMs } = afterAnswer('OK', { answer });
      if (answer === 'token-expired') expect(mustGiveBack(state)).toBe(false);
      if (state !== 'confirmed') expect(lookAfterMs !== undefined || items.length > 0).toBe(true);
    }
    const rejected = afterAnswer('OK', { answer: 'rejected', faultCode: 'PPT_SEMANTICA' });
    expect(rejected.items).toEqual([{ kind: 'outcome-rejected', reason: 'PPT_SEMANTICA' }]);
  });
});

describe('the schedule of an unanswered outcome', () => {
  it('is 2, 5, 10, 30 s, each minute to expiry, each 5 minutes for 24 h, then a person', () => {
    const storedAt = 0;
    const expiresAt = 600_000;
    const waits: number[] = [];
    let now = 0;
    for (let attempts = 1; ; attempts++) {
      const next = nextOutcomeAttempt({ attempts, storedAt, expiresAt, now });
      if (next === undefined) break;
      waits.push((next - now) / 1000);
      now = next;
    }
    expect(waits.slice(0, 6)).toEqual([2, 5, 10, 30, 60, 60]);
    expect(waits.filter((wait) => wait === 60)).toHaveLength(10);
    expect(waits.at(-1)).toBe(300);
    expect(now).toBeLessThanOrEqual(expiresAt + GIVE_UP_MS);
    expect(now).toBeGreaterThan(expiresAt + GIVE_UP_MS - 300_000);
  });

  it('never goes back in time and always ends', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(1_800_000), fc.nat(200_000_000), (attempts, expiresAt, now) => {
        const next = nextOutcomeAttempt({ attempts: attempts + 1, storedAt: 0, expiresAt, now });
        return next === undefined || next > now;
      }),
    );
    expect(nextActivationAttempt({ storedAt: 0, tokenMs: 600_000, now: 540_001 })).toBeUndefined();
  });
});
