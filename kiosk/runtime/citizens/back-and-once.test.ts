import { cardError } from '@jolly/drivers/card';
import { describe, expect, it } from 'vitest';
import { loginBench, settle, signedIn } from '../stand-ins/index.ts';

describe('who is signed in', () => {
  it('is greeted again by "sign in" without a card, and finds the PIN change there', async () => {
    const { take, choose, session, page, clock } = await signedIn();
    await take();
    await choose('continue');
    expect(page().name).toBe('home');
    clock.advance(600);
    session.intent({ type: 'sign-in' });
    expect(page()).toMatchObject({ name: 'signed-in', takeCard: false, actions: ['continue', 'change-pin'] });
  });

  it.each([true, false])('comes back from a PIN change to the greeting (card lifted: %s)', async (lifted) => {
    const { take, choose, session, page, uses, clock } = await signedIn();
    if (lifted) await take();
    await choose('change-pin');
    expect(page().name).toBe(lifted ? 'login-card' : 'login-secret');
    clock.advance(600);
    expect(session.snapshot().session?.canGoBack).toBe(true);
    session.intent({ type: 'back' });
    await settle();
    expect(page()).toMatchObject({ name: 'signed-in' });
    expect(uses.slice(3)).toEqual(['login abandon']);
    await choose('continue');
    expect(page().name).toBe('home');
  });

  it('comes back from the problem of a PIN change to the greeting', async () => {
    const { take, choose, session, page, lay, reader } = await signedIn();
    await take();
    await choose('change-pin');
    reader.failing = [cardError('CARD_UNKNOWN')];
    await lay();
    expect(page()).toMatchObject({ name: 'login-problem', kind: 'card-unknown' });
    await take();
    session.intent({ type: 'back' });
    await settle();
    expect(page().name).toBe('signed-in');
  });
});

describe('a problem', () => {
  const problems = (logs: readonly unknown[]) =>
    logs.filter((entry) => (entry as { event: string }).event === 'login-problem');

  it('is logged and counted once, also when its card is lifted', async () => {
    const { lay, take, reader, loginLogs, uses } = loginBench();
    reader.failing = [cardError('CARD_NOT_GENUINE')];
    await lay();
    await take();
    expect(problems(loginLogs)).toEqual([
      { event: 'login-problem', kind: 'card-not-genuine', code: 'CARD_NOT_GENUINE', purpose: 'sign-in' },
    ]);
    expect(uses).toEqual(['login open', 'login error']);
  });

  it('is logged and counted when a login starts on it', () => {
    const { session, reader, loginLogs, uses } = loginBench();
    reader.show({ state: 'unavailable', reason: 'absent' });
    session.intent({ type: 'sign-in' });
    expect(problems(loginLogs)).toMatchObject([{ kind: 'reader-unavailable' }]);
    expect(uses).toEqual(['login open', 'login error']);
  });

  it('is another one after a further try', async () => {
    const { lay, reader, loginLogs, choose } = loginBench();
    reader.failing = [cardError('CARD_SLOW'), cardError('CARD_SLOW')];
    await lay();
    await choose('try-again');
    expect(problems(loginLogs)).toHaveLength(2);
  });
});
