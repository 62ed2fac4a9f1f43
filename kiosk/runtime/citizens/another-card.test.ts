import { noticeQr } from '@jolly/contracts/notice';
import { cardError } from '@jolly/drivers/card';
import { describe, expect, it } from 'vitest';
import { type LoginBench, NOTICE, settle, signedIn } from '../stand-ins/index.ts';

/** Somebody signed in, took their card, and stands (or stood) at home. */
async function homeAsOne(): Promise<LoginBench> {
  const bench = await signedIn();
  await bench.take();
  await bench.choose('continue');
  expect(bench.page().name).toBe('home');
  bench.clock.advance(1000);
  return bench;
}

function nobody({ session, logins, server }: LoginBench): void {
  expect(session.snapshot().citizen).toBeUndefined();
  expect(logins.signedIn).toBeUndefined();
  expect(server.ended).toHaveLength(1);
}

describe('another’s card, laid while somebody is signed in', () => {
  it('at home ends their session, and asks for its own PIN', async () => {
    const bench = await homeAsOne();
    bench.session.intent({ type: 'set-language', language: 'en' });
    await bench.lay('cie', 'two');
    expect(bench.page()).toMatchObject({ name: 'login-secret', purpose: 'sign-in', entered: 0 });
    nobody(bench);
    expect(bench.session.snapshot().preferences.language).toBe('it');
    const [mine, theirs] = bench.server.requests;
    expect(theirs?.sessionId).not.toBe(mine?.sessionId);
    await bench.type('48261593');
    expect(bench.page()).toMatchObject({ name: 'signed-in' });
    expect(bench.uses).toEqual([
      ...['login open', 'login use', 'login done'],
      ...['login open', 'login abandon'],
      ...['login open', 'login use', 'login done'],
    ]);
  });

  it('shows nobody’s name while it is looked at for them', async () => {
    const bench = await homeAsOne();
    const seen: string[] = [];
    bench.session.onSnapshot(({ screen }) => seen.push(screen.name));
    bench.reader.holding = true;
    await bench.lay('cie', 'two');
    expect(bench.page()).toMatchObject({ name: 'login-card', stage: 'reading' });
    expect(bench.session.intent({ type: 'sign-in' })).toBe('dropped');
    bench.reader.last.resolve();
    await settle();
    nobody(bench);
    expect(seen).not.toContain('signed-in');
  });

  it.each([
    ['the greeting', async ({ take }: LoginBench) => take()],
    [
      'a service',
      async ({ take, choose, session }: LoginBench) => {
        await take();
        await choose('continue');
        session.intent({ type: 'open-service', service: 'appointments' });
      },
    ],
    [
      'the scanner',
      async ({ take, choose, session }: LoginBench) => {
        await take();
        await choose('continue');
        session.intent({ type: 'start-payment' });
      },
    ],
    [
      'the keypad',
      async ({ take, choose, session }: LoginBench) => {
        await take();
        await choose('continue');
        session.intent({ type: 'type-notice' });
      },
    ],
    [
      'help',
      async ({ take, choose, session }: LoginBench) => {
        await take();
        await choose('continue');
        session.intent({ type: 'help' });
      },
    ],
    [
      'the ways on from a PIN change',
      async ({ take, choose }: LoginBench) => {
        await choose('change-pin');
        await choose('forgot-pin');
        await take();
      },
    ],
    [
      'a PIN change',
      async ({ take, choose }: LoginBench) => {
        await choose('change-pin');
        await take();
      },
    ],
    [
      'the warning of an idle terminal',
      async ({ take, choose, clock, session }: LoginBench) => {
        await take();
        await choose('continue');
        clock.advance(61_000);
        expect(session.snapshot().idle).toBeDefined();
      },
    ],
  ])('does so at %s', async (_, go) => {
    const bench = await signedIn();
    await go(bench);
    await bench.lay('cie', 'two');
    expect(bench.page()).toMatchObject({ name: 'login-secret', purpose: 'sign-in', field: 'cie-pin' });
    nobody(bench);
  });

  it('beside their own is called for, and looked at when it lies there alone', async () => {
    const bench = await signedIn();
    await bench.choose('continue');
    bench.reader.show({ state: 'several' });
    expect(bench.page()).toMatchObject({ name: 'login-problem', kind: 'card-two' });
    await bench.lay('cie', 'two');
    expect(bench.page()).toMatchObject({ name: 'login-secret' });
    nobody(bench);
  });

  it('behind the back of a reader that was away is looked at too', async () => {
    const bench = await homeAsOne();
    bench.reader.show({ state: 'unavailable', reason: 'no-readers' });
    await bench.lay('cie', 'two');
    expect(bench.page()).toMatchObject({ name: 'login-secret' });
    nobody(bench);
  });

  it('while the server judges is looked at before anybody is greeted', async () => {
    const bench = await signedIn();
    await bench.choose('change-pin');
    await bench.take();
    bench.session.intent({ type: 'leave' });
    bench.clock.advance(10_000);
    await bench.lay();
    let open = (): void => undefined;
    bench.server.hold = new Promise((resolve) => {
      open = resolve;
    });
    await bench.type('73914826');
    await bench.take();
    await bench.lay('cie', 'two');
    const seen: string[] = [];
    bench.session.onSnapshot(({ screen }) => seen.push(screen.name));
    open();
    await settle();
    await settle();
    expect(bench.page()).toMatchObject({ name: 'login-secret', entered: 0 });
    expect(seen).not.toContain('signed-in');
    expect(bench.server.ended).toHaveLength(2);
  });

  it('lets a payment go on, and is looked at before home is shown', async () => {
    const bench = await homeAsOne();
    const looks = bench.reader.count('look');
    bench.scan(noticeQr(NOTICE, 12_345));
    bench.payment().show({ name: 'pay-check', notice: NOTICE });
    await bench.lay('cie', 'two');
    expect(bench.page().name).toBe('pay-check');
    bench.session.intent({ type: 'help' });
    expect(bench.page().name).toBe('help');
    bench.session.intent({ type: 'back' });
    expect(bench.reader.count('look')).toBe(looks);
    bench.session.intent({ type: 'consent', totalCents: 12_345 });
    bench
      .payment()
      .show({ name: 'pay-done', notice: NOTICE, paper: 'printed' }, { money: 'charged-registered' });
    expect(bench.page().name).toBe('pay-done');
    bench.session.intent({ type: 'another-notice' });
    await settle();
    await settle();
    expect(bench.page()).toMatchObject({ name: 'login-secret' });
    nobody(bench);
    expect(bench.payment().commands.at(-1)).toMatchObject({ type: 'leave' });
  });

  it('is called for when the payment ends the session', async () => {
    const bench = await homeAsOne();
    bench.scan(noticeQr(NOTICE, 12_345));
    await bench.lay('cie', 'two');
    bench
      .payment()
      .show({ name: 'pay-done', notice: NOTICE, paper: 'printed' }, { money: 'charged-registered' });
    bench.session.intent({ type: 'finish' });
    expect(bench.page().name).toBe('card-left');
    nobody(bench);
  });

  it('that cannot be read keeps everybody out until it is lifted', async () => {
    const bench = await homeAsOne();
    bench.reader.failing = [cardError('CARD_MUTE'), cardError('CARD_MUTE')];
    await bench.lay('cie', 'two');
    expect(bench.page()).toMatchObject({ name: 'login-problem', kind: 'card-unreadable' });
    bench.session.intent({ type: 'back' });
    await settle();
    expect(bench.page()).toMatchObject({ name: 'login-problem', kind: 'card-unreadable' });
    await bench.choose('try-again');
    expect(bench.page()).toMatchObject({ name: 'login-secret' });
    nobody(bench);
  });
});

describe('the citizen’s own card, laid again', () => {
  it('is looked at, and greets them', async () => {
    const bench = await homeAsOne();
    await bench.lay();
    expect(bench.page()).toMatchObject({ name: 'signed-in', takeCard: true });
    expect(bench.reader.count('look')).toBe(2);
    expect(bench.server.ended).toEqual([]);
    await bench.choose('continue');
    expect(bench.page().name).toBe('home');
    expect(bench.session.snapshot().citizen).toBeDefined();
  });

  it('is looked at each time they ask for the greeting, when it lies there', async () => {
    const bench = await signedIn();
    await bench.choose('continue');
    bench.session.intent({ type: 'sign-in' });
    await settle();
    expect(bench.page().name).toBe('signed-in');
    expect(bench.reader.count('look')).toBe(2);
    await bench.choose('continue');
    await bench.take();
    bench.session.intent({ type: 'sign-in' });
    expect(bench.page()).toMatchObject({ name: 'signed-in', takeCard: false });
    expect(bench.reader.count('look')).toBe(2);
  });

  it('on a reader that is away greets nobody', async () => {
    const bench = await homeAsOne();
    bench.reader.show({ state: 'unavailable', reason: 'no-readers' });
    bench.session.intent({ type: 'sign-in' });
    expect(bench.page()).toMatchObject({ name: 'login-problem', kind: 'reader-unavailable' });
  });

  it('goes on with the PIN change from which it was lifted', async () => {
    const bench = await signedIn();
    await bench.choose('change-pin');
    await bench.take();
    await bench.lay();
    expect(bench.page()).toMatchObject({ name: 'login-secret', purpose: 'change-pin' });
    expect(bench.session.snapshot().citizen).toBeDefined();
  });
});
